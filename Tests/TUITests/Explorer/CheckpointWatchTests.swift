import Core
import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import TUI

@Suite("Watching a run")
struct CheckpointWatchTests {
  private let folder = TemporaryFolder()

  /// A checkpoint of nothing but its description, saved at `step`.
  private func save(step: Int, to path: String) throws {
    guard let preset = ModelConfiguration.preset(named: "fcn-mobilenet_v2") else { return }
    let training = JSON.object([JSON.Member("step", .number("\(step)"))])
    let members = (preset.json.object ?? []) + [JSON.Member("training", training)]
    let writer = SafeTensorsWriter(metadata: ["hfgd.config": JSON.object(members).text])
    try AtomicFile.write(writer.encoded(), to: path)
  }

  /// Each newer checkpoint is told once; the one that is there at first, and files that are none, are not.
  @Test func newerCheckpointsAreTold() throws {
    let path = folder.path("last.safetensors")
    try save(step: 1, to: path)
    let told = Mutex<[Int]>([])
    let bell = DispatchSemaphore(value: 0)
    let watch = CheckpointWatch(path) { checkpoint in
      told.withLock { $0.append(checkpoint.training?["step"]?.int ?? -1) }
      bell.signal()
    }
    for step in [2, 3] {
      try AtomicFile.write([1, 2, 3], to: path)
      try save(step: step, to: path)
      #expect(bell.wait(timeout: .now() + 30) == .success)
    }
    #expect(told.withLock { $0 } == [2, 3])
    withExtendedLifetime(watch) {}
  }
}
