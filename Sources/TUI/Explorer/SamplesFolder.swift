import Core
import Foundation

/// Where the samples lie: in the checkout, or where `make install` put them.
enum SamplesFolder {
  /// The folder, looked for beside the executable and upwards, in the installed share folder, and here.
  static func find(executable: String, current: String) -> String? {
    var candidates: [String] = []
    var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath()
      .deletingLastPathComponent()
    candidates.append(folder.deletingLastPathComponent().path.appendingPath("share/hfgd/samples"))
    for _ in 0..<5 {
      candidates.append(folder.path.appendingPath("samples"))
      folder.deleteLastPathComponent()
    }
    candidates.append(current.appendingPath("samples"))
    return candidates.first {
      Folder.exists($0.appendingPath("models")) && Folder.exists($0.appendingPath("scenes"))
    }
  }
}
