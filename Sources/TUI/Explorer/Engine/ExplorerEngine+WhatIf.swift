import Core
import Foundation

extension ExplorerEngine {
  /// Makes an edited prediction beside the screen; one that is asked for later of the same slot comes in its place.
  ///
  /// On one thread of its own: the model at work on the next image does not stand in its way.
  func edit(_ request: WhatIfRequest) {
    let slot = request.key.slot
    latestEdits.withLock { $0[slot] = request.key }
    editingQueue.async { [self] in
      guard latestEdits.withLock({ $0[slot] == request.key }) else { return }
      mailbox.post(.edited(request.made(threads: Threads(1))))
    }
  }

  /// Writes a slot's checkpoint with other tokens, beside the other work.
  func saveTokens(_ request: TokenSaving) {
    let source = sources[request.slot]
    exportQueue.async { [self] in
      do {
        mailbox.post(.message(try request.write(source), isError: false))
      } catch let error as any Error & CustomStringConvertible {
        mailbox.post(.message(error.description, isError: true))
      } catch {
        mailbox.post(.message(error.localizedDescription, isError: true))
      }
    }
  }
}

/// Edited tokens to be written as a checkpoint.
struct TokenSaving: Sendable {
  let path: String
  let slot: Int
  /// The checkpoint's file that the tokens are from.
  let file: FileStamp?
  let tokens: ClassTokens
  let edit: TokenEdit
  /// Where swapped tokens come from.
  let other: String?

  /// Writes the checkpoint that `source` is, with its tokens edited; says where it is and what it does not hold.
  func write(_ source: SlotSource) throws -> String {
    guard case .model(let configuration, let reference) = source,
      case .checkpoint(let checkpoint) = try reference.source()
    else {
      throw CommandFailure(
        .usage, "\(source.path) is no checkpoint; open one to save its tokens edited")
    }
    // Tokens of one checkpoint do not belong to the other weights of the next.
    guard source.stamp == file else { throw FileReplaced(path: source.path) }
    let note = edit.json(configuration.classes, other: other)
    let path = (path as NSString).expandingTildeInPath
    try AtomicFile.write(checkpoint.encoded(with: tokens, note: note), to: path)
    return (["written to \(path)"] + (edit.unsaved.map { [$0] } ?? [])).joined(separator: "; ")
  }
}
