/// How well a model in training does on pictures that it is not trained on.
public struct Validation: Sendable, Equatable {
  /// Updates made before.
  public let step: Int
  /// The counts at each output stride, from coarse to fine.
  public let stages: [Stage]

  /// One output stride.
  public struct Stage: Sendable, Equatable {
    /// Pixels of the picture per pixel of the logits; 32 is the teacher of a guided model.
    public let outputStride: Int
    /// The counts over all pictures.
    public let counts: ConfusionMatrix
    /// Mean IoU in percent, over the classes that occur.
    public var meanIoU: Double { 100 * counts.meanIoU }
  }

  /// Mean IoU at the finest output stride, in percent: what decides which checkpoint is the best.
  public var meanIoU: Double { stages.last?.meanIoU ?? .nan }
}

/// The pictures of a validation, kept in memory as far as a budget goes.
final class ValidationSet: Sendable {
  private let samples: SampleCache
  private let ignoreIndex: Int
  /// How many pictures there are.
  let count: Int

  init(_ dataSet: DataSet, budget: SampleBudget) {
    samples = SampleCache(dataSet.samples, budget: budget)
    count = dataSet.samples.count
    ignoreIndex = dataSet.ignoreIndex
  }

  /// The counts of a model whose numbers are `parameters`, at every output stride that it has.
  ///
  /// Each of `processes` looks at its share of the pictures; where one of them gives up, all do.
  func validate(
    _ configuration: ModelConfiguration, _ parameters: Parameters, step: Int,
    sharedBy processes: any Communicator = SoleProcess(), threads: Threads,
    isCancelled: () -> Bool, progress: (_ done: Int) -> Void
  ) throws -> Validation {
    let model = SegmentationModel(configuration, Weights(parameters), threads: threads)
    let segmenter = Segmenter(model, threads: threads)
    let strides = configuration.outputStrides
    var counts = strides.map { _ in ConfusionMatrix(classes: configuration.classes.count) }
    var isGivenUp = false
    do {
      for index in stride(from: processes.rank, to: count, by: processes.count) {
        let sample = try samples.sample(index)
        let labels = try segmenter.run(sample.picture, strides, isCancelled: isCancelled) {
          logits in
          logits.map {
            segmenter.labels($0, width: sample.picture.width, height: sample.picture.height)
          }
        }
        for (stage, prediction) in labels.enumerated() {
          counts[stage].add(prediction: prediction, truth: sample.labels, ignoreIndex: ignoreIndex)
        }
        progress(min(index + processes.count, count))
      }
    } catch is Cancelled {
      isGivenUp = true
    }
    if processes.any(isGivenUp) { throw Cancelled() }
    for stage in counts.indices {
      // Whole numbers of pixels are exact in a double.
      counts[stage].numbers = processes.sums(counts[stage].numbers.map { Double($0) })
        .map { UInt64($0) }
    }
    return Validation(
      step: step,
      stages: zip(strides, counts).map { Validation.Stage(outputStride: $0, counts: $1) })
  }
}
