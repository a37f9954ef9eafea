import Foundation
import Glibc

/// A new, empty folder that goes with the value that made it.
public final class TemporaryFolder: Sendable {
  private let root: String

  /// Makes the folder.
  public init() {
    root = NSTemporaryDirectory() + "/hfgd-\(UUID().uuidString)"
    precondition(mkdir(root, 0o700) == 0, "cannot make \(root): error \(errno)")
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// The path of the file `name` in it; of the folder itself without a name.
  public func path(_ name: String = "") -> String { name.isEmpty ? root : "\(root)/\(name)" }

  /// The names of all that is in it.
  public var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted()
  }
}
