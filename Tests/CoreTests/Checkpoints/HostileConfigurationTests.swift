import Testing

@testable import Core

/// Configurations that are well-formed and claim what no machine holds.
@Suite("Hostile configurations")
struct HostileConfigurationTests {
  /// A checkpoint without a tensor whose configuration is `text`.
  private func checkpoint(_ text: String) throws -> Checkpoint {
    var writer = SafeTensorsWriter()
    writer.metadata["hfgd.config"] = text
    return try Checkpoint(TensorFile(SafeTensors(bytes: writer.encoded(), file: "draft")))
  }

  /// The widest model allowed has kernels of 150 GB; a file that lacks them says so and takes no memory for them.
  @Test func claimedWidthsTakeNoMemory() throws {
    var widest = try #require(ModelConfiguration.preset(named: "hfgd-mobilenet_v2-os4"))
    (widest.width, widest.contextWide, widest.contextWidth) = (65536, 65536, 65536)
    let draft = try checkpoint(widest.json.text)
    let failure = #expect(throws: CheckpointFailure.self) { try draft.model() }
    guard case .badTensors("draft", nil, let problems) = failure else {
      Issue.record("unexpected \(String(describing: failure))")
      return
    }
    let kernel = [65536, 65536, 3, 3]
    #expect(
      problems.contains(.missing(name: "upsampler.branch.0.0.conv.weight", expected: kernel)))
  }

  /// Numbers that a `Double` holds and a `Float` does not would make every pixel NaN.
  @Test func normalisationIsFinite() throws {
    let preset = try #require(ModelConfiguration.preset(named: "fcn-mobilenet_v2"))
    let text = preset.json.text.replacing("127.5, 127.5, 127.5", with: "1e39, 0, 0")
    #expect(
      throws: CheckpointFailure.badConfiguration(
        path: "draft",
        problems: [
          "input.mean is a list; expected three numbers",
          "input.std is a list; expected three positive numbers",
        ])
    ) { try checkpoint(text) }
  }
}
