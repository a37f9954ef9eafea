import Core

/// Lines over a common axis, such as losses over the steps of a training.
public struct LineChart: Sendable {
  /// A place on the chart.
  public struct Point: Sendable, Equatable {
    /// Along and up.
    public var x, y: Double

    /// A point from its coordinates.
    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// A line.
  public struct Series: Sendable {
    /// What it shows.
    public var name: String
    /// Its colour.
    public var colour: RGB
    /// Its points from left to right; those that are not finite are left out.
    public var points: [Point]

    /// A line from its points.
    public init(_ name: String, _ colour: RGB, _ points: [Point]) {
      self.name = name
      self.colour = colour
      self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
    }
  }

  /// The lines, the first at the bottom.
  public var series: [Series]

  /// A chart of lines that have at least one point together.
  public init(_ series: [Series]) {
    precondition(series.contains { !$0.points.isEmpty }, "a chart without a point has no axes")
    self.series = series
  }

  /// Colours that differ from each other for every eye, on black and on white (Okabe and Ito, 2008), and grey.
  public static let colours = [
    RGB(0, 114, 178), RGB(230, 159, 0), RGB(0, 158, 115), RGB(204, 121, 167), RGB(213, 94, 0),
    RGB(86, 180, 233), RGB(128, 128, 128),
  ]

  /// Numbers at which an axis is labelled.
  struct Axis: Equatable {
    let ticks: [Double]
    private let decimals: Int
    /// The first and the last value of the axis.
    let lower, upper: Double

    /// An axis over all of `values` with about `count` ticks at round numbers.
    ///
    /// `isWidened` makes it end at ticks. Where all values are whole and it is not widened, so are its ticks.
    init(_ values: [Double], count: Int, isWidened: Bool) {
      let (least, most) = (values.min() ?? 0, values.max() ?? 0)
      let span = most > least ? most - least : max(abs(most), 1)
      let isWhole = !isWidened && values.allSatisfy { $0 == $0.rounded() }
      let rough = max(span / Double(max(1, count)), isWhole ? 1 : 0)
      let power = Axis.power(below: rough)
      let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? 10 * power
      let first = isWidened ? (least / step).rounded(.down) : (least / step).rounded(.up)
      let last =
        isWidened
        ? max((most / step).rounded(.up), first + 1) : (most / step).rounded(.down)
      ticks = stride(from: first, through: last, by: 1).map { $0 * step }
      lower = isWidened ? first * step : least
      upper = isWidened ? last * step : max(most, least + span)
      var decimals = 0
      var unit = 1.0
      while unit > step * 1.001 && decimals < 9 {
        unit /= 10
        decimals += 1
      }
      self.decimals = decimals
    }

    /// The greatest power of ten that is at most `value`.
    private static func power(below value: Double) -> Double {
      var power = 1.0
      while power > value { power /= 10 }
      while power * 10 <= value { power *= 10 }
      return power
    }

    /// Where `value` stands, from 0 to 1.
    func place(_ value: Double) -> Double { (value - lower) / (upper - lower) }

    /// The tick as text.
    func label(_ tick: Double) -> String { tick.fixed(decimals: decimals) }
  }

  /// The numbers of the lines that share each row of names, where the names need `widths` and a row has room for `width`.
  static func rows(ofNames widths: [Int], width: Int) -> [Range<Int>] {
    var rows: [Range<Int>] = []
    var room = 0
    for (index, needed) in widths.enumerated() {
      if let last = rows.last, needed <= room {
        rows[rows.count - 1] = last.lowerBound..<(index + 1)
        room -= needed
      } else {
        rows.append(index..<(index + 1))
        room = width - needed
      }
    }
    return rows
  }

  /// The axes for about so many ticks.
  func axes(ticksAcross: Int, ticksUp: Int) -> (x: Axis, y: Axis) {
    let points = series.flatMap(\.points)
    return (
      Axis(points.map(\.x), count: ticksAcross, isWidened: false),
      Axis(points.map(\.y), count: ticksUp, isWidened: true)
    )
  }
}
