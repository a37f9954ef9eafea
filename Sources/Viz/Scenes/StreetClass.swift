/// The classes of `ClassTable.camVid`, in its order; the raw value is the label.
public enum StreetClass: UInt16, CaseIterable, Sendable {
  /// Sky and clouds.
  case sky
  /// Buildings, their roofs and chimneys, free-standing walls.
  case building
  /// Lamp posts, sign posts, bollards.
  case pole
  /// The carriageway with its markings.
  case road
  /// Pavements with their kerbs.
  case pavement
  /// Trees, hedges and grass.
  case tree
  /// Traffic signs, traffic lights, hanging signs.
  case signSymbol
  /// Railings, with their gaps.
  case fence
  /// Cars and vans.
  case car
  /// People on foot.
  case pedestrian
  /// Cyclists with their bicycles.
  case bicyclist
}
