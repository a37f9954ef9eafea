/// SplitMix64: the whole sequence follows from the seed, on every machine.
struct SceneRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A generator of its own for one part of the scene, so that a change to one part leaves the others alone.
  mutating func fork() -> SceneRandom { SceneRandom(seed: next()) }

  /// 32 random bits, the seed of a texture.
  mutating func textureSeed() -> UInt32 { UInt32(truncatingIfNeeded: next()) }

  /// A number in `[0, 1)`.
  mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }

  mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  mutating func chance(_ probability: Float) -> Bool { unit() < probability }

  /// A whole number in `range`.
  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[integer(0...(choices.count - 1))]
  }

  /// A colour near `base`: brighter or darker by up to `spread` of itself.
  mutating func shade(_ base: Vector3, by spread: Float) -> Vector3 {
    base * uniform((1 - spread)...(1 + spread))
  }
}
