/// How a family of checkpoints calls the tensors of a model: rows of names, ours on the left.
///
///     stages.{s}.downsample.{i}.*    features.{2s}.{i}.*
///     layers.{s}.blocks.{b}.attn.qkv.*    layers.{s}.q.* + layers.{s}.k.* + layers.{s}.v.*
///     layers.{s}.downsample.norm.*    stages.{s-1}.downsample.norm.*    unfolded
///
/// `{s}` is a number, on the right also `{s+1}`, `{s-1}`, `{2s}` or `{2s+1}`; `*` is the rest of the name. Names between `+` are
/// put together along the first axis. A word at the end is a ``TensorSource/Change``. The first row that matches counts.
struct NameTable: Sendable {
  private let rows: [Row]

  private struct Row: Sendable {
    let ours: [Piece]
    let theirs: [[Piece]]
    let change: TensorSource.Change?
  }

  /// A part of a pattern of names.
  private enum Piece: Sendable {
    case text(String)
    /// factor · variable + offset
    case number(variable: String, factor: Int, offset: Int)
    case rest
  }

  /// The table that `text` spells; a row that cannot be read is a programmer's error.
  init(_ text: String) {
    rows = text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }.map { line in
      var words = line.split(whereSeparator: \.isWhitespace).filter { $0 != "+" }
      precondition(words.count >= 2, "a row of names needs two: \(line)")
      let change = TensorSource.Change(rawValue: String(words[words.count - 1]))
      if change != nil { words.removeLast() }
      return Row(
        ours: Self.pieces(words[0]), theirs: words.dropFirst().map(Self.pieces), change: change)
    }
  }

  /// Where the file has what we call `name`; `nil` where no row matches.
  func source(of name: String) -> TensorSource? {
    for row in rows {
      guard let (numbers, rest) = Self.match(name[...], row.ours[...]) else { continue }
      return TensorSource(
        names: row.theirs.map { Self.spelled($0, numbers, rest) }, change: row.change)
    }
    return nil
  }

  private static func pieces(_ pattern: Substring) -> [Piece] {
    var pieces: [Piece] = []
    var text = ""
    var left = pattern
    while let character = left.popFirst() {
      switch character {
      case "{", "*":
        if !text.isEmpty { pieces.append(.text(text)) }
        text = ""
        if character == "*" {
          pieces.append(.rest)
        } else {
          let inside = left.prefix { $0 != "}" }
          left = left.dropFirst(inside.count + 1)
          pieces.append(number(inside))
        }
      default: text.append(character)
      }
    }
    if !text.isEmpty { pieces.append(.text(text)) }
    return pieces
  }

  /// `s`, `s+1`, `s-1`, `2s`, `2s+1`.
  private static func number(_ text: Substring) -> Piece {
    let factor = text.prefix(while: \.isNumber)
    let variable = text.dropFirst(factor.count).prefix(while: \.isLetter)
    let offset = text.dropFirst(factor.count + variable.count)
    guard !variable.isEmpty, let factor = factor.isEmpty ? 1 : Int(factor),
      let offset = offset.isEmpty ? 0 : Int(offset)
    else { preconditionFailure("{\(text)} is no number of a table of names") }
    return .number(variable: String(variable), factor: factor, offset: offset)
  }

  private static func match(
    _ name: Substring, _ pattern: ArraySlice<Piece>
  ) -> (numbers: [String: Int], rest: Substring)? {
    var name = name
    var numbers: [String: Int] = [:]
    for piece in pattern {
      switch piece {
      case .rest: return (numbers, name)
      case .text(let text):
        guard name.hasPrefix(text) else { return nil }
        name = name.dropFirst(text.count)
      case .number(let variable, _, _):
        let digits = name.prefix { $0.isASCII && $0.isNumber }
        guard let value = Int(digits) else { return nil }
        numbers[variable] = value
        name = name.dropFirst(digits.count)
      }
    }
    return name.isEmpty ? (numbers, "") : nil
  }

  private static func spelled(
    _ pieces: [Piece], _ numbers: [String: Int], _ rest: Substring
  ) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .rest: String(rest)
      case .number(let variable, let factor, let offset):
        String(factor * (numbers[variable] ?? 0) + offset)
      }
    }.joined()
  }
}

/// Where a tensor of ours comes from in a foreign file.
public struct TensorSource: Sendable, Equatable {
  /// The file's names; several are put together along the first axis.
  public let names: [String]
  /// What is done to the values.
  public let change: Change?

  /// Something that is done to values besides copying them.
  public enum Change: String, Sendable {
    /// mmsegmentation merges patches by `nn.Unfold`: the four neighbours of a channel stand together, (0,0) (0,1) (1,0) (1,1).
    /// We have the official order: all channels of a neighbour together, (0,0) (1,0) (0,1) (1,1).
    case unfolded
  }
}
