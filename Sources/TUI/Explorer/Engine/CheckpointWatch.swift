import Core
import Dispatch
import Synchronization

/// Looks once a second whether a checkpoint has been replaced by a newer one.
///
/// A run writes its checkpoints under another name and renames them, so what is found is always whole.
final class CheckpointWatch {
  private let timer: any DispatchSourceTimer

  /// Watches `path` as long as this lives; `changed` is called with each newer checkpoint, on a thread of its own.
  init(_ path: String, changed: @escaping @Sendable (Checkpoint) -> Void) {
    let seen = Mutex(FileStamp(path))
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "hfgd.watch", qos: .utility))
    timer.schedule(deadline: .now() + 1, repeating: 1)
    timer.setEventHandler {
      guard let stamp = FileStamp(path), seen.withLock({ $0 }) != stamp,
        let checkpoint = try? Checkpoint(path: path)
      else { return }
      seen.withLock { $0 = stamp }
      changed(checkpoint)
    }
    timer.resume()
  }

  deinit { timer.cancel() }
}
