import Foundation

/// The executable under test, beside the test bundle.
enum Program {
  static let path: String = {
    let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let folders = [beside.path, Bundle.main.bundlePath]
    return folders.map { $0 + "/hfgd" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    } ?? "hfgd"
  }()
}
