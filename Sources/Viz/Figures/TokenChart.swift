import Core

/// How the class tokens of a model depend on one another, class by class, or what separates two models in that.
///
/// A square is in the colour of its number, which stands in it in hundredths; so is the confidence, the diagonal of the
/// softmax, in a column of its own.
public struct TokenChart: MatrixChart {
  /// The classes in the chart's order, from the top and from the left.
  public let order: [Int]
  /// What the rows are called.
  public let rows: [String]
  /// The same.
  public var columns: [String] { rows }
  /// The column of the diagonal's confidence.
  public let lastColumn: String? = "confidence"
  private let values, confidence: [Double]
  private let range, confidenceRange: ClosedRange<Double>
  private let map: ColourMap
  private let isAroundZero, isDifference: Bool

  /// The relations of one model.
  ///
  /// - Parameters:
  ///   - relations: what is shown.
  ///   - measure: which numbers.
  ///   - order: the classes from the top and from the left.
  ///   - others: models shown beside it, whose values its colours have to cover too.
  ///   - map: the colours of a softmax; cosines have those around 0.
  public init(
    _ relations: TokenRelations, _ measure: TokenMeasure, order: [Int],
    beside others: [TokenRelations] = [], map: ColourMap = .viridis
  ) {
    let softmaxReach = ([relations] + others).flatMap { $0.softmax(measure.scale) }.max() ?? 1
    self.init(
      names: relations.tokens.names, order: order,
      values: relations.matrix(measure.values, measure.scale),
      confidence: relations.confidence(measure.scale),
      reach: measure.values == .cosine ? 1 : softmaxReach, softmaxReach: softmaxReach, map: map,
      isAroundZero: measure.values == .cosine, isDifference: false)
  }

  /// What `b` has more than `a`; both are of the same classes.
  public init(
    from a: TokenRelations, to b: TokenRelations, _ measure: TokenMeasure, order: [Int]
  ) {
    precondition(
      a.tokens.names == b.tokens.names,
      "\(a.tokens.count) and \(b.tokens.count) classes cannot be compared")
    func difference(_ of: (TokenRelations) -> [Double]) -> [Double] {
      zip(of(a), of(b)).map { $1 - $0 }
    }
    func reach(_ values: [Double]) -> Double { values.map(abs).max() ?? 0 }
    let values = difference { $0.matrix(measure.values, measure.scale) }
    self.init(
      names: a.tokens.names, order: order, values: values,
      confidence: difference { $0.confidence(measure.scale) }, reach: reach(values),
      softmaxReach: reach(difference { $0.softmax(measure.scale) }), map: .viridis,
      isAroundZero: true, isDifference: true)
  }

  /// Colours end at `reach`, those of the confidence at `softmaxReach`.
  private init(
    names: [String], order: [Int], values: [Double], confidence: [Double], reach: Double,
    softmaxReach: Double, map: ColourMap, isAroundZero: Bool, isDifference: Bool
  ) {
    precondition(
      order.sorted() == Array(names.indices), "\(order) is no order of \(names.count) classes")
    self.order = order
    rows = order.map { names[$0] }
    self.values = values
    self.confidence = confidence
    self.map = map
    self.isAroundZero = isAroundZero
    self.isDifference = isDifference
    range = isAroundZero ? -reach...reach : 0...reach
    confidenceRange = isDifference ? -softmaxReach...softmaxReach : 0...softmaxReach
  }

  /// The colours of the squares.
  public func scale(isLight: Bool) -> ValueScale {
    ValueScale(isAroundZero ? .diverging(isLight: isLight) : map, range)
  }

  /// The number of a square; the confidence of the row's class in the last column.
  public func value(_ place: MatrixPlace) -> Double {
    let row = order[place.row]
    return place.column == order.count
      ? confidence[row] : values[row * order.count + order[place.column]]
  }

  /// The colour of a square's number.
  public func colour(_ place: MatrixPlace, isLight: Bool) -> RGB? {
    guard place.column == order.count else { return scale(isLight: isLight)(value(place)) }
    let map = isDifference ? ColourMap.diverging(isLight: isLight) : map
    return ValueScale(map, confidenceRange)(value(place))
  }

  /// The number in hundredths, `·` where that is 0.
  public func text(_ place: MatrixPlace) -> String {
    let hundredths = Int((100 * value(place)).rounded())
    let sign = isDifference && hundredths > 0 ? "+" : ""
    return hundredths == 0 ? "·" : "\(sign)\(hundredths)"
  }

  /// The chart as a panel of a figure: squares and scale.
  public func panel(caption: String, look: FigureLook) -> FigureSheet.Panel {
    FigureSheet.Panel(picture(look, scale: scale(isLight: look.isLight)), caption: caption)
  }
}

/// Which numbers of ``TokenRelations`` are shown.
public struct TokenMeasure: Sendable, Equatable {
  /// Softmax or cosine.
  public var values: TokenRelations.Values
  /// τ of the softmax, and of the confidence whatever the values are.
  public var scale: TokenRelations.Scale

  /// A measure from its parts; by default the paper's.
  public init(
    values: TokenRelations.Values = .softmax, scale: TokenRelations.Scale = .one
  ) {
    self.values = values
    self.scale = scale
  }

  /// What the numbers are, in a few words for captions.
  public var name: String {
    switch (values, scale) {
    case (.softmax, .one): "softmax of w·w"
    case (.softmax, .sqrt): "softmax of w·w/sqrt(D)"
    case (.cosine, _): "cosine"
    }
  }
}
