/// CamVid's eleven classes, in the order of the SegNet split; the raw value is the label.
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

  /// The name as CamVid's users write it.
  public var name: String {
    switch self {
    case .sky: "Sky"
    case .building: "Building"
    case .pole: "Pole"
    case .road: "Road"
    case .pavement: "Pavement"
    case .tree: "Tree"
    case .signSymbol: "SignSymbol"
    case .fence: "Fence"
    case .car: "Car"
    case .pedestrian: "Pedestrian"
    case .bicyclist: "Bicyclist"
    }
  }
}
