import TestSupport
import Testing

@testable import Core

@Suite("Class tokens")
struct ClassTokensTests {
  /// What a model hands out is what its checkpoint holds, whatever it is stored as and multiplied with.
  @Test(arguments: [DType.f32, .f16, .bf16], [Precision.float32, .bfloat16])
  func areThoseOfTheCheckpoint(dtype: DType, precision: Precision) throws {
    let configuration = try #require(ModelConfiguration.preset(named: "fcn-mobilenet_v2"))
    let random = RandomWeights(seed: 3)
    var writer = SafeTensorsWriter(metadata: ["hfgd.config": configuration.json.text])
    for request in configuration.tensors {
      writer.append(
        request.name, shape: request.shape, values: random.values(of: request), as: dtype)
    }
    let file = try SafeTensors(bytes: writer.encoded())
    let tokens = try Checkpoint(TensorFile(file)).model(precision: precision).classTokens
    #expect(tokens.names == configuration.classes)
    #expect(tokens.width == configuration.width)
    #expect(try tokens.weights == file.floats("tokens.weight"))
    #expect(try tokens.bias == file.floats("tokens.bias"))
    #expect(
      Array(tokens[1]) == Array(tokens.weights[tokens.width..<(2 * tokens.width)]))
  }
}
