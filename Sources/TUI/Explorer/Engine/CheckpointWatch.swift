import Core
import Dispatch
import Foundation
import Synchronization

/// Looks once a second whether a checkpoint has been replaced by a newer one.
///
/// A run writes its checkpoints under another name and renames them, so what is found is always whole.
final class CheckpointWatch {
  private let timer: any DispatchSourceTimer

  /// What tells one file of a name from the next.
  private struct Stamp: Equatable {
    let number: UInt64
    let modified: Date
    let size: UInt64

    init?(_ path: String) {
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
        let number = attributes[.systemFileNumber] as? NSNumber,
        let modified = attributes[.modificationDate] as? Date,
        let size = attributes[.size] as? NSNumber
      else { return nil }
      self.number = number.uint64Value
      self.modified = modified
      self.size = size.uint64Value
    }
  }

  /// Watches `path` as long as this lives; `changed` is called with each newer checkpoint, on a thread of its own.
  init(_ path: String, changed: @escaping @Sendable (Checkpoint) -> Void) {
    let seen = Mutex(Stamp(path))
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "hfgd.watch", qos: .utility))
    timer.schedule(deadline: .now() + 1, repeating: 1)
    timer.setEventHandler {
      guard let stamp = Stamp(path), seen.withLock({ $0 }) != stamp,
        let checkpoint = try? Checkpoint(path: path)
      else { return }
      seen.withLock { $0 = stamp }
      changed(checkpoint)
    }
    timer.resume()
  }

  deinit { timer.cancel() }
}
