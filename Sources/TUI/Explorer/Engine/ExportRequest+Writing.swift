import Core
import Foundation

extension ExportRequest {
  /// Composes and writes the figure, whole or not at all; the path it got, or `nil` where it was cancelled before.
  ///
  /// A file that is there is replaced only if the user chose its name; else the figure gets a number.
  func write(isCancelled: () -> Bool) throws(ImageFailure) -> String? {
    let path = isNameChosen ? (path as NSString).expandingTildeInPath : Self.free(path)
    let picture = sheet.picture()
    guard !isCancelled() else { return nil }
    let bytes = try ImageFile.encoded(picture, for: path)
    guard !isCancelled() else { return nil }
    do throws(FileFailure) { try AtomicFile.write(bytes, to: path) } catch { throw .file(error) }
    return path
  }

  /// The path, or the first of "NAME-2.png", "NAME-3.png" and so on that nothing has.
  private static func free(_ path: String) -> String {
    let expanded = (path as NSString).expandingTildeInPath
    let stem = expanded.withoutExtension
    let suffix = expanded.dropFirst(stem.count)
    var candidate = expanded
    var number = 2
    while FileManager.default.fileExists(atPath: candidate) {
      candidate = "\(stem)-\(number)\(suffix)"
      number += 1
    }
    return candidate
  }
}
