import Core
import Viz

/// What a student makes of its teacher's prediction of one image.
struct GuidanceFinding {
  let name: String
  let pixels, disagreements: Int
  /// In nats.
  let meanDivergence: Double
  /// `nil` without labels.
  let split: GuidanceSplit?

  init(_ name: String, _ pair: GuidedPair, _ truth: LabelMap?, classes: Int) {
    self.name = name
    pixels = pair.student.values.count
    disagreements = pair.disagreements
    meanDivergence =
      pair.divergence.reduce(0) { $0 + Double($1) } / Double(max(1, pair.divergence.count))
    split = truth.map {
      GuidanceSplit(teacher: pair.teacher, student: pair.student, truth: $0, classes: classes)
    }
  }
}

/// The findings of some images, and their sum.
struct GuidanceReport {
  let model: String
  let outputStride: Int
  let classes: [String]
  let images: [GuidanceFinding]

  private var pixels: Int { images.reduce(0) { $0 + $1.pixels } }
  private var disagreements: Int { images.reduce(0) { $0 + $1.disagreements } }
  /// Over all pixels.
  private var meanDivergence: Double {
    images.reduce(0) { $0 + $1.meanDivergence * Double($1.pixels) } / Double(max(1, pixels))
  }

  /// The split of all images that have labels.
  private var total: GuidanceSplit? {
    let splits = images.compactMap(\.split)
    guard let first = splits.first else { return nil }
    return splits.dropFirst().reduce(into: first) { $0.add($1) }
  }

  /// A line for everything, a table of the classes.
  var text: String {
    let share = (100 * Double(disagreements) / Double(max(1, pixels))).formatted(decimals: 2)
    let line =
      "\(model), OS \(outputStride) against its teacher, \(images.count.counted("image")): disagree on \(share) %, "
      + "KL \(meanDivergence.formatted(decimals: 4)) nats"
    guard let total else { return line }
    var table = TextTable([
      "class", "both right", "fixed", "broken", "both wrong", "rescue", "damage",
    ])
    func row(_ name: String, _ k: Int?) -> [String] {
      [name]
        + [.bothRight, .fixed, .broken, .bothWrong].map { Int(total.pixels($0, of: k)).grouped }
        + [total.rescueRate(of: k), total.damageRate(of: k)].map {
          $0.map { (100 * $0).formatted(decimals: 1) + " %" } ?? "–"
        }
    }
    for (k, name) in classes.enumerated() { table.add(row(name, k)) }
    table.add(row("all", nil))
    return line + "\n\n" + table.text
  }

  /// `hfgd.lens.teacher/1`.
  var json: JSON {
    .report(
      "lens.teacher",
      [
        JSON.Member("model", .string(model)),
        JSON.Member("output_stride", .number("\(outputStride)")),
        JSON.Member("pixels", .number("\(pixels)")),
        JSON.Member("disagreements", .number("\(disagreements)")),
        JSON.Member("mean_divergence", .number(meanDivergence, decimals: 7)),
        JSON.Member("all", total.map { Self.json($0, nil) } ?? .null),
        JSON.Member(
          "classes",
          total.map { total in
            .array(
              classes.enumerated().map { k, name in
                Self.json(total, k, [JSON.Member("class", .string(name))])
              })
          } ?? .null),
        JSON.Member(
          "images",
          .array(
            images.map { image in
              .object([
                JSON.Member("image", .string(image.name)),
                JSON.Member("pixels", .number("\(image.pixels)")),
                JSON.Member("disagreements", .number("\(image.disagreements)")),
                JSON.Member("mean_divergence", .number(image.meanDivergence, decimals: 7)),
                JSON.Member("split", image.split.map { Self.json($0, nil) } ?? .null),
              ])
            })),
      ])
  }

  /// The pixels of each fate, and the rates in percent.
  private static func json(_ split: GuidanceSplit, _ k: Int?, _ members: [JSON.Member] = [])
    -> JSON
  {
    func rate(_ value: Double?) -> JSON { value.map { .number(100 * $0, decimals: 4) } ?? .null }
    return .object(
      members + [
        JSON.Member("both_right", .number("\(split.pixels(.bothRight, of: k))")),
        JSON.Member("fixed", .number("\(split.pixels(.fixed, of: k))")),
        JSON.Member("broken", .number("\(split.pixels(.broken, of: k))")),
        JSON.Member("both_wrong", .number("\(split.pixels(.bothWrong, of: k))")),
        JSON.Member("rescue_rate", rate(split.rescueRate(of: k))),
        JSON.Member("damage_rate", rate(split.damageRate(of: k))),
      ])
  }
}
