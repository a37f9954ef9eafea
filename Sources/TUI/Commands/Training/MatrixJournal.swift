import Core

/// The file `results.jsonl` of a table, to which several processes may add lines by turns.
///
/// It can be kept, and gone on from elsewhere, where the folders of the runs are too large.
struct MatrixJournal {
  let path: String

  private static let beginning = "{\"run\""

  /// That of the table in `folder`.
  init(in folder: String) { path = folder.appendingPath("results.jsonl") }

  /// What stands there, also while a process has it locked; half a line at the end does not count.
  func results() throws(FileFailure) -> MatrixResults {
    let bytes = try FileBytes.read(path, maxBytes: 1 << 30)
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")) ?? 0
    return MatrixResults(
      bytes[..<end].split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    )
  }

  /// What `body` makes of the results while no other process can read or add any; the file is made where it is missing.
  ///
  /// - Parameter isCancelled: asked while another process has it; then it throws `Cancelled`.
  func whileLocked<Made>(
    isCancelled: () -> Bool = { false }, _ body: (MatrixResults) throws -> Made
  ) throws -> Made {
    let journal = try Journal.whenFree(path, beginning: Self.beginning, isCancelled: isCancelled)
    return try withExtendedLifetime(journal) { try body(MatrixResults(journal.lines)) }
  }

  /// Notes how a run ended.
  func add(
    _ outcome: MatrixOutcome, of run: MatrixRun, isCancelled: () -> Bool = { false }
  ) throws {
    let journal = try Journal.whenFree(path, beginning: Self.beginning, isCancelled: isCancelled)
    try journal.append(MatrixResults.line(outcome, of: run).line)
  }
}
