import Core

/// What a model loses and gains by its precision, on one picture, against float32.
struct PrecisionCost {
  let precision: Precision
  /// The largest difference of two logits over the largest logit of float32.
  let difference: Double
  /// The part of the pixels that get the same class, in [0, 1].
  let agreement: Double
  /// Median seconds in float32, from the picture to the label map.
  let float32Seconds: Double

  /// Compares what two segmenters make of `picture`.
  init(
    of segmenter: Segmenter, precision: Precision, against float32: Segmenter,
    float32Seconds: Double, on picture: Picture, outputStride: Int, isCancelled: () -> Bool
  ) throws(Cancelled) {
    func logits(_ segmenter: Segmenter) throws(Cancelled) -> Tensor {
      try segmenter.run(picture, [outputStride], isCancelled: isCancelled) {
        Tensor(copying: $0[0])
      }
    }
    func labels(_ segmenter: Segmenter) throws(Cancelled) -> [UInt16] {
      try segmenter.labels(of: picture, outputStride: outputStride, isCancelled: isCancelled).values
    }
    let (values, reference) = (try logits(segmenter).values, try logits(float32).values)
    let largest = reference.reduce(0) { max($0, abs($1)) }
    let distance = zip(values, reference).reduce(0) { max($0, abs($1.0 - $1.1)) }
    let (classes, expected) = (try labels(segmenter), try labels(float32))
    self.precision = precision
    difference = Double(distance / largest)
    agreement =
      Double(zip(classes, expected).count { $0 == $1 }) / Double(max(1, expected.count))
    self.float32Seconds = float32Seconds
  }

  /// For example "bf16 takes 0.805 of float32's time; logits differ by 4.1e-3 of the largest, 99.87 % of the labels agree".
  func text(seconds: Double) -> String {
    let thousandths = (1000 * difference).formatted(decimals: 2)
    return """
      \(precision.rawValue) takes \((seconds / float32Seconds).formatted(decimals: 3)) of float32's \
      \((1000 * float32Seconds).formatted(decimals: 1)) ms; logits differ by up to \(thousandths) thousandths \
      of the largest, \((100 * agreement).formatted(decimals: 2)) % of the labels agree
      """
  }

  /// The same as JSON.
  var json: JSON {
    .object([
      JSON.Member("milliseconds", .number(1000 * float32Seconds, decimals: 3)),
      JSON.Member("logits_difference", .number(difference, decimals: 7)),
      JSON.Member("labels_agreement", .number(agreement, decimals: 6)),
    ])
  }
}
