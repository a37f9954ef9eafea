import Core

/// A confusion matrix to look at: rows are true classes, columns predicted ones, each row in shares of its truth.
///
/// What is right is grey, so that the errors, on a scale of colours, stand out. Most are small, so a colour stands for the square
/// root of its share: 1 % is a tenth of the scale. A last row or column, `no class`, is there where a value is no class.
public struct ConfusionChart: MatrixChart {
  /// A true class, the row, and a predicted one, the column; K stands for values that are no class.
  public typealias Pair = MatrixPlace

  /// What the rows are called.
  public let rows: [String]
  /// What the columns are called.
  public let columns: [String]
  private let matrix: ConfusionMatrix
  private let truth: [Double]

  /// A chart of `matrix`, whose classes are called `names`.
  public init(_ matrix: ConfusionMatrix, names: [String]) {
    precondition(
      names.count == matrix.classes, "\(names.count) names for \(matrix.classes) classes")
    let stray = matrix.classes
    rows = names + (matrix.strayTruth > 0 ? ["no class"] : [])
    columns = names + ((0...stray).contains { matrix[$0, stray] > 0 } ? ["no class"] : [])
    self.matrix = matrix
    truth = (0...stray).map { Double(matrix.truth($0)) }
  }

  /// The share of a true class's pixels that were predicted as a class, in [0, 1]; NaN where the class is true nowhere.
  public func share(_ pair: Pair) -> Double {
    Double(matrix[pair.truth, pair.prediction]) / truth[pair.truth]
  }

  /// How many pixels of a true class were predicted as a class.
  public func pixels(_ pair: Pair) -> UInt64 { matrix[pair.truth, pair.prediction] }

  /// The error of most pixels; `nil` where nothing is wrong.
  public var largestError: Pair? {
    let errors = rows.indices.flatMap { truth in
      columns.indices.map { Pair(truth: truth, prediction: $0) }
    }.filter { $0.truth != $0.prediction }
    let largest = errors.max {
      matrix[$0.truth, $0.prediction] < matrix[$1.truth, $1.prediction]
    }
    return largest.flatMap { matrix[$0.truth, $0.prediction] > 0 ? $0 : nil }
  }

  /// The colour of a share: a grey for what is right, else one of the scale; `nil` where there is nothing to tell.
  public func colour(_ pair: Pair, isLight: Bool) -> RGB? {
    let share = share(pair)
    guard share > 0 else { return nil }
    return pair.truth == pair.prediction
      ? Self.grey(share, isLight: isLight) : Self.scale(isLight: isLight)(Float(share.squareRoot()))
  }

  /// The percent that stand in a square: a whole number, `·` for less than a half, nothing for none.
  public func text(_ pair: Pair) -> String {
    let share = share(pair)
    guard share > 0 else { return "" }
    return share < 0.005 ? "·" : "\(Int((100 * share).rounded()))"
  }

  static func grey(_ share: Double, isLight: Bool) -> RGB {
    let sample = UInt8(isLight ? 235 - 75 * share : 45 + 75 * share)
    return RGB(sample, sample, sample)
  }

  /// From the background to the strongest colour: after ColorBrewer's Reds on paper, magma's upper part on the dark.
  static func scale(isLight: Bool) -> ColourMap { isLight ? light : dark }

  private static let light = ColourMap([
    RGB(255, 255, 255), RGB(254, 224, 210), RGB(252, 187, 161), RGB(251, 106, 74),
    RGB(203, 24, 29), RGB(103, 0, 13),
  ])
  private static let dark = ColourMap([
    RGB(16, 14, 26), RGB(79, 18, 123), RGB(154, 45, 120), RGB(229, 80, 100), RGB(251, 135, 97),
    RGB(252, 253, 191),
  ])
}

extension MatrixPlace {
  /// A pair from its classes.
  public init(truth: Int, prediction: Int) { self.init(row: truth, column: prediction) }

  /// The true class, the row.
  public var truth: Int { row }
  /// The predicted class, the column.
  public var prediction: Int { column }
}
