import Core

extension ComparisonReport {
  /// All numbers, percent, as `hfgd.compare/1`; NaN is null.
  var json: JSON {
    let (meanOfA, meanOfB) = paired.meanIoU
    return .report(
      "compare",
      [
        JSON.Member("a", Self.model(a, meanOfA)),
        JSON.Member("b", Self.model(b, meanOfB)),
        JSON.Member("data", .string(a.data)),
        JSON.Member("dataset", .string(a.dataset)),
        JSON.Member("split", .string(a.split)),
        JSON.Member("fingerprint", .string(a.fingerprint)),
        JSON.Member("images", .number("\(images.count)")),
        JSON.Member(
          "difference",
          .object([
            JSON.Member("mIoU", Self.number(paired.difference)),
            JSON.Member("low", Self.number(bootstrap.low)),
            JSON.Member("high", Self.number(bootstrap.high)),
            JSON.Member("confidence", .number("95")),
            JSON.Member("p", .number(bootstrap.pValue, decimals: 8)),
            JSON.Member("resamples", .number("\(bootstrap.resamples)")),
            JSON.Member("seed", .number("\(bootstrap.seed)")),
          ])),
        JSON.Member("classes", .array(classesByDifference.map(classObject))),
        JSON.Member("per_image", .array(images.map(Self.image))),
      ])
  }

  private static func model(_ run: RunDescription, _ meanIoU: Double) -> JSON {
    .object([
      JSON.Member("model", .string(run.model)),
      JSON.Member("name", .string(run.name)),
      JSON.Member("identity", .string(run.identity)),
      JSON.Member("output_stride", .number("\(run.outputStride)")),
      JSON.Member("protocol", .string(run.rules)),
      JSON.Member("mIoU", number(meanIoU)),
    ])
  }

  private func classObject(_ k: Int) -> JSON {
    let iou = paired.iou(k)
    return .object([
      JSON.Member("name", .string(a.classes[k])),
      JSON.Member("a", Self.number(iou.a)),
      JSON.Member("b", Self.number(iou.b)),
      JSON.Member("difference", Self.number(difference(k))),
    ])
  }

  private static func image(_ image: Influence) -> JSON {
    .object([
      JSON.Member("name", .string(image.name)),
      JSON.Member("a", number(image.meanIoU.a)),
      JSON.Member("b", number(image.meanIoU.b)),
      JSON.Member("influence", number(image.influence)),
    ])
  }

  /// One image of thousands moves the mean by little, so there are eight digits.
  private static func number(_ share: Double) -> JSON { .number(100 * share, decimals: 8) }
}
