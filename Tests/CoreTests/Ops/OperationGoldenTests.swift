import Foundation
import TestSupport
import Testing

@testable import Core

/// Single operations against PyTorch; `python/make_goldens.py` made the files.
@Suite("Operation goldens")
struct OperationGoldenTests {
  static let cases: [JSON.Member] = {
    let path = TestFiles.goldens + "/ops/ops.json"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? "{}"
    return (try? JSON(text))?.object ?? []
  }()

  @Test func casesAreThere() { #expect(Self.cases.count == 41) }

  @Test("agree with PyTorch", arguments: cases.map(\.key))
  func agreement(name: String) throws {
    let file = try SafeTensors(path: TestFiles.goldens + "/ops/ops.safetensors")
    let parameters = try #require(Self.cases.first { $0.key == name }?.value)
    func tensor(_ part: String) throws -> Tensor {
      let shape = try #require(file["\(name).\(part)"]).shape
      return Tensor(
        Shape(n: shape[0], h: shape[1], w: shape[2], c: shape[3]),
        try file.floats("\(name).\(part)"))
    }
    func number(_ key: String) throws -> Int {
      try #require(parameters[key]?.int, "\(name).\(key)")
    }
    /// The kernel `name` in the order of products.
    func kernel(_ name: String, _ geometry: ConvolutionGeometry) throws -> [Float] {
      try file.floats(name).withUnsafeBufferPointer { geometry.channelsLast($0, scale: nil) }
    }
    /// The 1×1 convolution `part` of an attention case.
    func projection(_ part: String) throws -> Convolution {
      let shape = try #require(file["\(name).\(part).weight"]).shape
      let geometry = ConvolutionGeometry(shape[1], shape[0])
      return Convolution(
        geometry,
        weights: try kernel("\(name).\(part).weight", geometry),
        bias: try file.floats("\(name).\(part).bias"))
    }

    let x = try tensor("input")
    let expected = try tensor("output")
    let y: Tensor
    switch parameters["op"]?.string {
    case "conv":
      let shape = try #require(file["\(name).weight"]).shape
      let padding = try number("padding")
      let geometry = try ConvolutionGeometry(
        x.shape.c, shape[0], kernel: (shape[2], shape[3]), stride: number("stride"),
        dilation: number("dilation"), groups: number("groups"), padding: (padding, padding))
      y = Convolution(
        geometry, weights: try kernel("\(name).weight", geometry),
        bias: try file.floats("\(name).bias"))(x)
    case "deformable_conv":
      let geometry = try DeformableGeometry(
        x.shape.c, expected.shape.c, groups: number("groups"))
      let reach = Float(try #require(parameters["reach"]?.double))
      let offsets = try tensor("offsets")
      y = DeformableConvolution(
        geometry, weights: try kernel("\(name).weight", geometry.undeformed),
        bias: try file.floats("\(name).bias"))(
          x, Tensor(offsets.shape, offsets.values.map { reach * $0 }))
    case "max_pool", "average_pool":
      let isMax = parameters["op"]?.string == "max_pool"
      y = try Pooling(
        isMax ? .max : .average, kernel: number("kernel"), stride: number("stride"),
        padding: isMax ? number("padding") : 0, isCeiling: parameters["ceil_mode"]?.bool ?? false)(
          x)
    case "adaptive_mean":
      y = AdaptiveMean(height: expected.shape.h, width: expected.shape.w)(x)
    case "resize":
      let rules: [String: Resize.Rule] = [
        "aligned": .aligned, "centred": .centred, "nearest": .nearest,
      ]
      y = Resize(
        height: expected.shape.h, width: expected.shape.w,
        rule: try #require(rules[parameters["rule"]?.string ?? "aligned"]))(x)
    case "self_attention":
      y = try SelfAttention()(
        x, projection("query")(x), projection("key")(x), projection("value")(x))
    case "axial_attention":
      y = try AxialAttention(
        heads: number("heads"), query: projection("query"), key: projection("key"),
        value: projection("value"))(x)
    case "gelu":
      let factor = try Float(number("factor"))
      y = GELU()(Tensor(x.shape, x.values.map { factor * $0 }))
    case "window_attention":
      let attention = try WindowAttention(
        heads: number("heads"), window: number("window"), shift: number("shift"))
      let qkv = try projection("qkv")
      let table = try file.floats("\(name).relative_position_bias_table")
      y = try projection("proj")(
        attention(
          qkv(x), Tensor(Shape(h: 1, w: 1, c: table.count), table),
          Tensor(Shape(h: 1, w: 1, c: qkv.bias.count), qkv.bias)))
    case "patch_merging":
      let norm = try LayerNorm(
        epsilon: 1e-5, weight: file.floats("\(name).norm.weight"),
        bias: file.floats("\(name).norm.bias"))
      let merged = norm(PatchMerging()(x))
      let geometry = ConvolutionGeometry(merged.shape.c, expected.shape.c)
      y = try Convolution(
        geometry, weights: kernel("\(name).reduction.weight", geometry),
        bias: [Float](repeating: 0, count: geometry.outputs))(merged)
    default:
      Issue.record("unknown operation in \(name)")
      return
    }
    #expect(disagreement(y, expected) < operationTolerance)
  }
}
