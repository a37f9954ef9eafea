/// Which label value each colour of an RGB-coded mask stands for.
public struct LabelColours: Sendable, Equatable {
  /// The value of a colour that the table lacks; no class has it.
  public static let unknown = UInt16.max

  private let values: [RGB: UInt16]

  /// A table from a colour to its value.
  public init(_ values: [RGB: UInt16]) { self.values = values }

  /// Values 0, 1, … for `palette`; `nil` where two classes share a colour, which no mask could tell apart.
  ///
  /// Black and the border of Pascal VOC, where no class has them, are `ignoreIndex`.
  public init?(_ palette: [RGB], ignoreIndex: Int? = nil) {
    guard Set(palette).count == palette.count, palette.count < Int(LabelColours.unknown) else {
      return nil
    }
    let classes = Dictionary(uniqueKeysWithValues: zip(palette, UInt16(0)...))
    let void = ignoreIndex.flatMap(UInt16.init(exactly:)).map { void in
      [RGB(0, 0, 0): void, ClassTable.vocColour(255): void]
    }
    values = classes.merging(void ?? [:]) { label, _ in label }
  }

  /// Every colour with its value, in the colours' order.
  var description: String {
    values.map { "\($0.red),\($0.green),\($0.blue):\($1)" }.sorted().joined(separator: " ")
  }

  /// The value of `colour`.
  public subscript(colour: RGB) -> UInt16 { values[colour] ?? LabelColours.unknown }

  /// The value of each pixel of a mask.
  public func labels(of mask: Picture) -> LabelMap {
    var labels = LabelMap(
      width: mask.width, height: mask.height,
      values: [UInt16](repeating: 0, count: mask.width * mask.height))
    // Masks are flat: the pixel before mostly has the same colour.
    var (colour, value) = (RGB(0, 0, 0), self[RGB(0, 0, 0)])
    for pixel in labels.values.indices {
      let i = 3 * pixel
      let next = RGB(mask.samples[i], mask.samples[i + 1], mask.samples[i + 2])
      if next != colour { (colour, value) = (next, self[next]) }
      labels.values[pixel] = value
    }
    return labels
  }
}
