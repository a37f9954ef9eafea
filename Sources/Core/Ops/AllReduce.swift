/// The sum of a value over all processes, each of which has one of the same shape.
///
/// It has no gradient: what a process hands back is the share of its own pictures, and shares are summed at the end
/// (``TrainingStep``).
struct AllReduce: Operation {
  let processes: any Communicator

  var summary: String { "sum over \(processes.count) processes" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  var overwritableInput: Int? { 0 }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    if UnsafePointer(output.base) != inputs[0].base {
      output.base.update(from: inputs[0].base, count: output.shape.count)
    }
    processes.allReduce(UnsafeMutableBufferPointer(start: output.base, count: output.shape.count))
  }
}

/// The statistics of the whole batch from those of equal shares.
///
///     μ = (1/n) Σ μ_i,   σ² = (1/n) Σ (σ_i² + μ_i²) − μ²
///
/// in double, so that nothing cancels that floats hold. Input: ``BatchStatistics`` of this process's share.
struct PooledStatistics: Operation {
  let processes: any Communicator

  var summary: String { "statistics over \(processes.count) processes" }

  func outputShape(for inputs: [Shape]) -> Shape { inputs[0] }

  func run(
    _ inputs: [TensorView], into output: MutableTensorView, scratch: UnsafeMutablePointer<Float>,
    threads: Threads
  ) {
    let (share, c) = (inputs[0].base, inputs[0].shape.c)
    let means = (0..<c).map { Double(share[$0]) }
    let moments = processes.sums(
      means + means.indices.map { Double(share[c + $0]) + means[$0] * means[$0] }
    )
    .map { $0 / Double(processes.count) }
    for channel in 0..<c {
      output.base[channel] = Float(moments[channel])
      output.base[c + channel] = Float(
        max(0, moments[c + channel] - moments[channel] * moments[channel]))
    }
  }
}

extension Value {
  /// The sum over the processes that share the batch; the value itself where there is one.
  func summedOverProcesses(named name: String) -> Value {
    let processes = trace.processes
    return processes.count > 1 ? applying(AllReduce(processes: processes), named: name) : self
  }

  /// The mean and variance of each channel over the whole batch, of which a process holds a share: `[1, 1, 2, c]`.
  func batchStatistics(named name: String) -> Value {
    let own = applying(BatchStatistics(), named: name)
    let processes = trace.processes
    return processes.count > 1
      ? own.applying(PooledStatistics(processes: processes), named: name) : own
  }
}
