/// The prediction of one picture under an ``InferenceProtocol``.
public struct Segmentation: Sendable {
  /// What can be had beside the labels, for its price in memory.
  public enum Extra: Sendable, Hashable {
    /// Four bytes a pixel, and once more over all classes.
    case confidence
    /// Four bytes a pixel and class.
    case logits
  }

  /// The most likely class of each pixel; of equals the first.
  public let labels: LabelMap
  /// The probability of that class, per pixel, in (0, 1]; `nil` unless asked for.
  ///
  /// That of the softmax of the (averaged) logits, or the averaged probability.
  public let confidence: [Float]?
  /// The (averaged) logits, `[1, height, width, classes]`; `nil` unless asked for.
  ///
  /// Where probabilities were averaged, their logarithms, whose softmax they are.
  public let logits: Tensor?

  private init(labels: LabelMap, confidence: [Float]?, logits: Tensor?) {
    self.labels = labels
    self.confidence = confidence
    self.logits = logits
  }

  /// What the pixels of `grid` over one view's `logits` tell.
  init(
    of logits: TensorView, at grid: ResizedPixels, including extras: Set<Extra>, threads: Threads
  ) {
    self.init(
      labels: ResizedArgmax.labels(of: logits, at: grid, threads: threads),
      confidence: extras.contains(.confidence)
        ? Certainty(of: logits, at: grid, threads: threads).confidence : nil,
      logits: extras.contains(.logits) ? Tensor(of: logits, at: grid, threads: threads) : nil)
  }

  /// What the sum over `count` views tells, which is divided by them.
  init(
    of sum: ScoreMap, count: Int, average: InferenceProtocol.Average, including extras: Set<Extra>,
    threads: Threads
  ) {
    let share = 1 / Float(count)
    sum.apply(threads: threads) { $0 * share }
    let grid = ResizedPixels(everyPixelOf: sum.shape)
    switch average {
    case .logits:
      self.init(of: sum.scores, at: grid, including: extras, threads: threads)
    case .probabilities:
      self.init(
        labels: ResizedArgmax.labels(of: sum.scores, at: grid, threads: threads),
        confidence: extras.contains(.confidence) ? sum.maxima : nil,
        logits: extras.contains(.logits) ? sum.logarithms(threads: threads) : nil)
    }
  }
}
