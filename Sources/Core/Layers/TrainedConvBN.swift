/// ``ConvBN`` in training: the batch's own statistics normalise what the convolution makes.
struct TrainedConvBN: Sendable {
  private let name: String
  private let convolution: KernelConvolution
  private let norm: BatchNorm
  private let kernel, gamma, beta: ParameterLayout.Entry
  private let running: RunningStatistics

  init(
    _ conv: Weights, _ norm: Weights, _ geometry: ConvolutionGeometry, _ activation: Activation,
    epsilon: Double, named name: String
  ) {
    self.name = name
    convolution = KernelConvolution(geometry)
    self.norm = BatchNorm(epsilon: epsilon, activation: activation)
    kernel = conv.parameter("weight")
    gamma = norm.parameter("weight")
    beta = norm.parameter("bias")
    running = RunningStatistics(
      mean: norm.parameter("running_mean"), variance: norm.parameter("running_var"))
  }

  func callAsFunction(_ x: Value, adding residual: Value?) -> Value {
    normalised(convolved(x), adding: residual)
  }

  /// The 1×1 convolution comes before the resizing, which is linear, too; the statistics are those of the finer grid.
  func callAsFunction(_ x: Value, resizedTo size: (height: Int, width: Int)) -> Value {
    normalised(
      convolved(x).resized(height: size.height, width: size.width, named: name), adding: nil)
  }

  private func convolved(_ x: Value) -> Value {
    x.applying(convolution, to: kernel.value(in: x.trace), named: name)
  }

  private func normalised(_ z: Value, adding residual: Value?) -> Value {
    let statistics = z.batchStatistics(named: name + " statistics")
    z.trace.note(running, from: statistics, over: z.shape.pixels * z.trace.processes.count)
    // The share of the statistics in the gradient of z is part of batch norm's own.
    return z.applying(
      norm,
      to: [statistics.stoppingGradient, gamma.value(in: z.trace), beta.value(in: z.trace)]
        + (residual.map { [$0] } ?? []), named: name + " norm")
  }
}

/// The running statistics of one batch norm.
struct RunningStatistics: Sendable {
  let mean, variance: ParameterLayout.Entry

  /// Moves them towards those of a batch of `count` pixels, `[1, 1, 2, c]`.
  ///
  ///     r ← r + m · (batch − r)
  ///
  /// The variance enters unbiased, multiplied by count / (count − 1), as in PyTorch and TensorFlow.
  func move(
    _ parameters: UnsafeMutablePointer<Float>, towards batch: UnsafePointer<Float>, count: Int,
    momentum: Float
  ) {
    let c = mean.request.count
    let unbiased = Float(count) / Float(max(1, count - 1))
    let (mean, variance) = (parameters + mean.offset, parameters + variance.offset)
    for channel in 0..<c {
      mean[channel] += momentum * (batch[channel] - mean[channel])
      variance[channel] += momentum * (batch[c + channel] * unbiased - variance[channel])
    }
  }
}
