/// Weights drawn from a seed: the same numbers here and in the PyTorch twin, so that goldens need no checkpoint.
///
/// Each tensor has a SplitMix64 generator seeded with the 64-bit FNV-1a hash of its name, xor the seed; every 64-bit
/// draw x gives u = (x >> 40) · 2⁻²³ − 1 in [−1, 1), in row-major order of the tensor. Kernels are u·√(3 / fan_in), of
/// variance 1 / fan_in; biases 0.1·u; norms have weight 1 + 0.1·u, bias and running mean 0.1·u, running variance
/// 1 + 0.5·|u|; layer scales are 1 + 0.1·u, biases of relative positions and
/// learned vectors u.
public final class RandomWeights: WeightSource {
  private let seed: UInt64

  /// The weights that follow from `seed`.
  public init(seed: UInt64) { self.seed = seed }

  /// The tensor's values.
  public func values(of request: TensorRequest) -> [Float] {
    let fanIn = request.shape.dropFirst().reduce(1, *)
    let kernelScale = (3 / Double(fanIn)).squareRoot()
    return Self.uniform(request.name, seed: seed, count: request.count) { u in
      switch request.role {
      case .kernel: kernelScale * u
      case .bias, .normBias, .runningMean: 0.1 * u
      case .normWeight, .layerScale: 1 + 0.1 * u
      case .positionBias, .embedding: u
      case .runningVariance: 1 + 0.5 * abs(u)
      }
    }
  }

  /// `count` draws u in [−1, 1) of the generator that `name` and `seed` start, each mapped and rounded to a Float once.
  public static func uniform(
    _ name: String, seed: UInt64, count: Int, _ map: (Double) -> Double = { $0 }
  ) -> [Float] {
    var hash = FNV1a()
    hash.combine(name)
    var generator = SplitMix64(seed: hash.value ^ seed)
    return (0..<count).map { _ in
      Float(map(Double(generator.next() >> 40) / 8_388_608 - 1))
    }
  }
}

/// The SplitMix64 generator: 64 bits of state, every seed a good one (Steele, Lea and Flood, OOPSLA 2014).
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator whose whole sequence follows from `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
