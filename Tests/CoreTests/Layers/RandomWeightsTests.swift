import Testing

@testable import Core

@Suite("Random weights")
struct RandomWeightsTests {
  /// The PyTorch twin's numbers for the same names and seed, to the last bit.
  @Test func agreesWithTheTwin() {
    var hash = FNV1a()
    hash.combine("tokens.weight")
    #expect(hash.value == 0xE933_FB7D_E8DE_F8A3)
    let weights = Weights(RandomWeights(seed: 7))
    let tokens = weights["tokens"].tensor("weight", [59, 256], .kernel)
    #expect(
      tokens.prefix(4).map(\.bitPattern) == [0x3DB1_25ED, 0xBCD3_307A, 0x3D89_A368, 0xBD96_1FED])
    #expect(weights["tokens"].tensor("bias", [59], .bias)[0] == -0.084651254)
    let norm = weights["backbone.stem"][0]["bn"]
    #expect(norm.tensor("weight", [64], .normWeight)[0] == 0.992174)
    #expect(norm.tensor("running_var", [64], .runningVariance)[0] == 1.4815369)
    #expect(norm.tensor("weight", [64], .layerScale)[0] == 0.992174)
    #expect(norm.tensor("weight", [64], .positionBias)[0] == -0.07825947)
  }

  @Test func drawsLieInTheirRange() {
    let draws = RandomWeights.uniform("x", seed: 1, count: 10_000)
    #expect(draws.allSatisfy { -1 <= $0 && $0 < 1 })
    #expect(abs(draws.reduce(0, +) / 10_000) < 0.02)
  }
}
