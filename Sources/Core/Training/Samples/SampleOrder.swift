/// Which samples make the batch of each step: a function of the seed alone, so a resumed run goes on as it would have.
///
/// Every epoch is a new shuffle of all samples; a batch may span the end of one, so none is left out. Several processes
/// take a run each of every batch.
public struct SampleOrder: Sendable, Equatable {
  /// How many samples there are.
  public let count: Int
  /// How many of them a step takes, over all processes.
  public let batch: Int
  /// What the shuffles follow from.
  public let seed: Int

  /// A place in a batch.
  public struct Place: Sendable, Hashable {
    /// The number of the sample.
    public let sample: Int
    /// How often all samples came before.
    public let epoch: Int
  }

  /// The order of `count` samples, at least one.
  public init(count: Int, batch: Int, seed: Int) {
    precondition(count > 0 && batch > 0, "no batches of \(batch) out of \(count) samples")
    self.count = count
    self.batch = batch
    self.seed = seed
  }

  /// The samples of step `step`, from 0: those of process `rank` of `processes`, which need not divide the batch.
  public func places(step: Int, rank: Int = 0, of processes: Int = 1) -> [Place] {
    precondition(
      step >= 0 && 0..<processes ~= rank, "no step \(step) of process \(rank) of \(processes)")
    let start = step * batch
    let places = (start + rank * batch / processes)..<(start + (rank + 1) * batch / processes)
    var shuffled: (epoch: Int, samples: [Int]) = (-1, [])
    return places.map { place in
      let (epoch, index) = place.quotientAndRemainder(dividingBy: count)
      if epoch != shuffled.epoch { shuffled = (epoch, samples(of: epoch)) }
      return Place(sample: shuffled.samples[index], epoch: epoch)
    }
  }

  /// All samples as epoch `epoch` takes them (Fisher and Yates).
  private func samples(of epoch: Int) -> [Int] {
    var random = SplitMix64(seeds: [seed, epoch])
    var samples = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      samples.swapAt(last, random.index(below: last + 1))
    }
    return samples
  }
}
