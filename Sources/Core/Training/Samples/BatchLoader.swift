import Dispatch
import Synchronization

/// What a step of training is made on.
public struct Batch: Sendable, Equatable {
  /// Normalised crops, `[n, h, w, 3]`.
  public let images: Tensor
  /// Class numbers, −1 where a pixel is ignored, `[n, h, w, 1]`.
  public let labels: Tensor
}

/// Makes the batches of a run; while one is used the next is made on a thread of its own.
///
/// A batch follows from the samples, the recipe and the step alone, wherever a run is resumed. At most two batches and
/// the budget of decoded samples are in memory.
public final class BatchLoader: Sendable {
  /// Which samples make each batch.
  public let order: SampleOrder
  private let maker: BatchMaker
  private let queue = DispatchQueue(label: "batches")
  private let next = Mutex<Promise?>(nil)

  /// The batches of `dataSet` for a model of `classes` classes and this `input`, as `recipe` has them.
  ///
  /// - Parameters:
  ///   - rank: the number of this process, whose share of each batch is made.
  ///   - processes: how many processes share a batch.
  ///   - cacheBytes: memory for decoded samples, 1 GiB by default.
  /// - Throws: `noLabels` for the first sample without a label file.
  public convenience init(
    _ dataSet: DataSet, classes: Int, input: ModelConfiguration.Normalisation, recipe: Recipe,
    rank: Int = 0, of processes: Int = 1, cacheBytes: Int = 1 << 30
  ) throws(SampleFailure) {
    try self.init(
      dataSet, classes: classes, input: input, recipe: recipe, rank: rank, of: processes,
      budget: SampleBudget(bytes: cacheBytes))
  }

  /// The same, with memory for decoded samples that others take from, too.
  init(
    _ dataSet: DataSet, classes: Int, input: ModelConfiguration.Normalisation, recipe: Recipe,
    rank: Int, of processes: Int, budget: SampleBudget
  ) throws(SampleFailure) {
    if let sample = dataSet.samples.first(where: { $0.label == nil }) {
      throw .noLabels(image: sample.image.path)
    }
    order = SampleOrder(count: dataSet.samples.count, batch: recipe.batch, seed: recipe.seed)
    maker = BatchMaker(
      samples: SampleCache(dataSet.samples, budget: budget), order: order, recipe: recipe,
      input: input, classes: classes, ignored: dataSet.ignoreIndex, rank: rank,
      processes: processes)
  }

  /// The batch of step `step`, from 0; the one after it is begun, if the run has one.
  public func batch(_ step: Int) throws(SampleFailure) -> Batch {
    let promise = next.withLock { next in
      defer { next = nil }
      return next?.step == step ? next : nil
    }
    let batch = promise?.result ?? maker.batch(step)
    if step + 1 < maker.recipe.steps {
      let following = Promise(step: step + 1)
      next.withLock { $0 = following }
      queue.async { [maker] in following.result = maker.batch(following.step) }
    }
    return try batch.get()
  }

  /// A batch that is being made.
  private final class Promise: Sendable {
    let step: Int
    private let isKept = DispatchSemaphore(value: 0)
    private let kept = Mutex<Result<Batch, SampleFailure>?>(nil)

    init(step: Int) { self.step = step }

    /// The batch; whoever asks waits for it, once.
    var result: Result<Batch, SampleFailure> {
      get {
        isKept.wait()
        guard let result = kept.withLock({ $0 }) else {
          preconditionFailure("the batch of step \(step) was announced, but is not there")
        }
        return result
      }
      set {
        kept.withLock { $0 = newValue }
        isKept.signal()
      }
    }
  }
}

/// Reads, augments and joins the samples of a step.
private struct BatchMaker: Sendable {
  let samples: SampleCache
  let order: SampleOrder
  let recipe: Recipe
  let input: ModelConfiguration.Normalisation
  let classes, ignored: Int
  let rank, processes: Int

  func batch(_ step: Int) -> Result<Batch, SampleFailure> {
    Result { () throws(SampleFailure) in
      let places = order.places(step: step, rank: rank, of: processes)
      let crop = recipe.crop
      var images = Tensor(Shape(n: places.count, h: crop.height, w: crop.width, c: 3))
      var labels = Tensor(Shape(n: places.count, h: crop.height, w: crop.width, c: 1))
      for (i, place) in places.enumerated() {
        let sample = try samples.sample(place.sample)
        let size = Extent(width: sample.picture.width, height: sample.picture.height)
        var random = SplitMix64(seeds: [recipe.seed, place.epoch, place.sample])
        let cut = AugmentedCrop(
          recipe.augmentation.draw(size, crop: crop, &random), of: size, crop: crop)
        let pixels = crop.width * crop.height
        images.values.withUnsafeMutableBufferPointer {
          cut.write(sample.picture, input, to: &$0[3 * i * pixels])
        }
        labels.values.withUnsafeMutableBufferPointer {
          cut.write(sample.labels, classes: classes, ignored: ignored, to: &$0[i * pixels])
        }
      }
      return Batch(images: images, labels: labels)
    }
  }
}
