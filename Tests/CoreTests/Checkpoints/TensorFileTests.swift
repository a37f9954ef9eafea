import Foundation
import TestSupport
import Testing

@testable import Core

/// Small files that torch, NumPy and safetensors wrote, and what they hold (`Tests/interop/small_files.py`).
@Suite struct TensorFileTests {
  static let folder = TestFiles.goldens + "/interop/small"

  /// What a file holds, as its author says.
  private struct Expected: Decodable {
    struct Tensor: Decodable {
      let dtype: String
      let path: [String]
      let shape: [Int]
      /// Numbers; NaN and infinities are spelled.
      let values: [Value]
    }
    let refused: String?
    let tensors: [Tensor]?
  }

  private enum Value: Decodable {
    case number(Double)
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Double.self) {
        self = .number(value)
      } else if let value = try? container.decode(Bool.self) {
        self = .number(value ? 1 : 0)
      } else {
        self = .other
      }
    }
  }

  private static let expected: [String: Expected] = {
    let data = FileManager.default.contents(atPath: folder + "/expected.json") ?? Data()
    return (try? JSONDecoder().decode([String: Expected].self, from: data)) ?? [:]
  }()

  /// Files of one array or of a list have no names for their tensors.
  private static let nameless = [
    "array.npy", "fortran.npy", "version-3.npy", "list.pth", "tensor.pth", "nothing.pth",
  ]

  @Test(arguments: expected.keys.filter { !nameless.contains($0) }.sorted())
  func holdsWhatItsWriterPutIn(_ name: String) throws {
    let expected = try #require(Self.expected[name])
    guard let tensors = expected.tensors else {
      let failure = #expect(throws: TensorFileFailure.self) {
        try TensorFile(path: "\(Self.folder)/\(name)")
      }
      #expect(
        failure?.description.contains("; ") == true, "a remedy: \(String(describing: failure))")
      return
    }
    let file = try TensorFile(path: "\(Self.folder)/\(name)")
    #expect(!file.tensors.isEmpty)
    var unwrapped: [String] = []
    for case .unwrapped(let path) in file.notes {
      unwrapped = path.split(separator: ".").map(String.init)
    }
    let wanted = tensors.filter {
      $0.path.count == unwrapped.count + 1 && Array($0.path.prefix(unwrapped.count)) == unwrapped
    }
    #expect(file.tensors.count == wanted.count)
    for tensor in wanted {
      let full = try #require(tensor.path.last)
      let found = try #require(
        file.tensors.first { full == $0.name || full.hasSuffix("." + $0.name) }, "\(full)")
      #expect(found.dtype.rawValue == tensor.dtype)
      #expect(found.shape == tensor.shape)
      guard found.dtype.becomesFloat else { continue }
      let floats = try found.elements().floats
      #expect(floats.count == tensor.values.count)
      for (float, value) in zip(floats, tensor.values) {
        if case .number(let number) = value { #expect(float == Float(number)) }
      }
    }
  }

  @Test(arguments: nameless)
  func whatHasNoNamesIsRefused(_ name: String) {
    #expect(throws: TensorFileFailure.self) { try TensorFile(path: "\(Self.folder)/\(name)") }
  }

  @Test func wrappersAndPrefixesAreTakenOffAndSaid() throws {
    let file = try TensorFile(path: Self.folder + "/wrapped-deep.pth")
    #expect(file["stem.conv.weight"] != nil)
    let notes = file.notes.map { "\($0)" }
    #expect(notes.contains(#"the tensors stand under "state_dict.teacher""#))
    #expect(notes.contains(#"all names began with "model.", which was taken off"#))
  }

  @Test func theMovingAverageIsTakenOnRequest() throws {
    let path = Self.folder + "/timm-ema.pth.tar"
    let raw = try TensorFile(path: path)
    let trained = try #require(raw["stem.conv.weight"]).elements().floats
    let other = try TensorFile(path: path, .average)
    let average = try #require(other["stem.conv.weight"]).elements().floats
    #expect(trained != average)
    #expect(raw.notes.contains { $0.description.contains("--ema") })
    #expect(throws: TensorFileFailure.self) {
      try TensorFile(path: Self.folder + "/state.pth", .average)
    }
  }

  /// mmengine exchanges weights and average when it saves, so what others call the trained weights is its average.
  @Test func mmenginesAverageIsFoundWhereItStands() throws {
    let path = Self.folder + "/mmengine-ema.pth"
    let average = try #require(
      TensorFile(path: Self.folder + "/wrapped-ema.pth", .average)["stem.conv.weight"]
    )
    .elements().floats
    for weights in [TensorFile.Weights.trained, .average] {
      let file = try TensorFile(path: path, weights)
      #expect(file["steps"] == nil)
      #expect(try #require(file["stem.conv.weight"]).elements().floats == average)
      #expect(file.notes.contains { $0.description.contains(#""state_dict" is a moving average"#) })
    }
  }

  /// Scripts after PyTorch's ImageNet example keep the best score beside the weights, as a tensor.
  @Test func aTensorBesideTheWeightsHidesNothing() throws {
    let file = try TensorFile(path: Self.folder + "/wrapped-score.pth")
    #expect(file["stem.conv.weight"] != nil && file["best_acc1"] == nil)
  }

  /// An index has the names that stand in the shards, before prefixes are taken off.
  @Test func shardsBehindAPrefixAgreeWithTheirIndex() throws {
    let file = try TensorFile(path: Self.folder + "/sharded-torch")
    #expect(file.container == .torchShards)
    #expect(file.tensors.map(\.name) == ["a.weight", "b.weight"])
  }

  @Test func prefixesOfAnyContainerAreTakenOff() throws {
    var writer = SafeTensorsWriter()
    for name in ["_orig_mod.module.a.weight", "_orig_mod.module.a.bias"] {
      writer.append(name, shape: [2], values: [1, 2])
    }
    let file = try TensorFile(.array(writer.encoded()), path: "compiled.safetensors")
    #expect(Set(file.tensors.map(\.name)) == ["a.weight", "a.bias"])
    #expect(file.notes.count == 2)
  }

  /// A name may be prefixes for as long as its file: only as many are taken off as wrappers nest.
  @Test func prefixesWithoutEndAreLeft() throws {
    var writer = SafeTensorsWriter()
    writer.append(String(repeating: "module.", count: 200_000), shape: [1], values: [1])
    let file = try TensorFile(.array(writer.encoded()), path: "long.safetensors")
    #expect(file.notes.count == 8 && file.tensors[0].name.hasPrefix("module."))
  }

  /// mmengine's `message_hub` holds objects that make PyTorch's own safe loader give up.
  @Test func unknownObjectsAreLeftAlone() throws {
    let file = try TensorFile(path: Self.folder + "/training.pth")
    #expect(file["stem.conv.weight"] != nil)
  }

  /// Cut off anywhere, a file is refused: nothing is read half.
  @Test(arguments: [
    "state.pth", "views-legacy.pth", "numpy-legacy.pth", "plain.npz", "compressed.npz",
    "views-deflated.pth",
  ])
  func truncationAtEveryByteIsRefused(_ name: String) throws {
    let bytes = [UInt8](
      try #require(FileManager.default.contents(atPath: "\(Self.folder)/\(name)")))
    for count in 0..<bytes.count {
      #expect(throws: TensorFileFailure.self, "\(count) of \(bytes.count) bytes") {
        try TensorFile(.array(Array(bytes.prefix(count))), path: name)
      }
    }
  }

  /// Whatever bit flips, a file is read or refused; values alone may change unnoticed.
  @Test(arguments: ["views.pth", "views-legacy.pth", "compressed.npz", "numpy.pth"])
  func damageNeverCrashes(_ name: String) throws {
    var bytes = [UInt8](
      try #require(FileManager.default.contents(atPath: "\(Self.folder)/\(name)")))
    for index in bytes.indices {
      for bit in [0, 3, 7] {
        bytes[index] ^= 1 << bit
        if let file = try? TensorFile(.array(bytes), path: name) {
          for tensor in file.tensors where tensor.dtype.becomesFloat {
            _ = try? tensor.elements().floats
          }
        }
        bytes[index] ^= 1 << bit
      }
    }
  }

  /// The first byte of safetensors is that of its header's length, which may be a pickle's, too.
  @Test(arguments: [0x80, 0x180, 0x280, 0x580])
  func aHeadersLengthIsNoPickle(_ length: Int) throws {
    let header = Array("{\(declaration("a", "[2]", 0, 8))}".utf8)
    let padding = [UInt8](repeating: UInt8(ascii: " "), count: length - header.count)
    let folder = TemporaryFolder()
    let path = folder.path("model.safetensors")
    try Data(safeTensorsBytes(header + padding, dataSize: 8)).write(
      to: URL(fileURLWithPath: path))
    #expect(try TensorFile(path: path).tensors.map(\.name) == ["a"])
  }

  @Test func shardsMustAgreeWithTheirIndex() throws {
    let folder = TemporaryFolder()
    let source = Self.folder + "/sharded"
    for name in try FileManager.default.contentsOfDirectory(atPath: source) {
      try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: folder.path(name))
    }
    let index = folder.path("model.safetensors.index.json")
    let text = try String(contentsOfFile: index, encoding: .utf8)
    #expect(try TensorFile(path: folder.path()).tensors.count > 1)
    for (old, new, word) in [
      ("model-00001", "../model-00001", "beside"), ("a.weight", "z.weight", "is not there"),
      ("weight_map", "weights", "weight_map"), ("\n}", "", "not valid JSON"),
    ] {
      try text.replacingOccurrences(of: old, with: new)
        .write(toFile: index, atomically: true, encoding: .utf8)
      let failure = #expect(throws: TensorFileFailure.self) { try TensorFile(path: index) }
      #expect(failure?.description.contains(word) == true, "\(String(describing: failure))")
    }
  }
}
