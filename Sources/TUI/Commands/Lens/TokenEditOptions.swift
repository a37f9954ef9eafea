import ArgumentParser
import Core
import Foundation

/// The options that make a ``TokenEdit``; classes are called by their names, in any case, or by their numbers.
struct TokenEditOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Add to a class's logits; may be given for several classes.", valueName: "class=value"))
  var bias: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("Never predict a class; for several ones again.", valueName: "class"))
  var mask: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Take classes for one, with a name of its own if there is one.", valueName: "a+b[=name]"))
  var merge: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Classify with the tokens of another checkpoint of the same classes and width.",
      valueName: "model"),
    completion: .file(extensions: ["safetensors"]))
  var tokensOf: String?

  @Option(name: .long, help: "Divide all logits by this, from 0.01 to 100.")
  var temperature: Float = 1

  mutating func validate() throws {
    guard 0.01...100 ~= temperature else {
      throw ValidationError("--temperature is from 0.01 to 100, not \(temperature).")
    }
  }

  /// What the options say about a model of these classes.
  func edit(_ classes: [String]) throws -> TokenEdit {
    var edit = TokenEdit(count: classes.count)
    for text in bias {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, let value = Float(parts[1]), value.isFinite, abs(value) <= 1000 else {
        throw CommandFailure(
          .usage, "--bias \(text.printable) is not CLASS=VALUE with a value from -1000 to 1000")
      }
      edit.bias[try index(of: parts[0], in: classes, "--bias")] = value
    }
    edit.masked = Set(try mask.map { try index(of: $0[...], in: classes, "--mask") })
    guard edit.masked.count < classes.count else {
      throw CommandFailure(.usage, "--mask leaves no class to predict; mask fewer")
    }
    for text in merge {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let members = try parts[0].split(separator: "+").map {
        try index(of: $0, in: classes, "--merge")
      }
      guard Set(members).count > 1, parts.last?.isEmpty == false else {
        throw CommandFailure(
          .usage, "--merge \(text.printable) is not A+B or A+B=NAME with two classes or more")
      }
      edit.groups.merge(members, name: parts.count > 1 ? String(parts[1]) : nil)
    }
    edit.isSwapped = tokensOf != nil
    edit.temperature = temperature
    return edit
  }

  /// The tokens of `--tokens-of`, which must go with the model's.
  func otherTokens(for own: ClassTokens, random: UInt64?) throws -> ClassTokens? {
    guard let tokensOf else { return nil }
    let isFile = FileManager.default.fileExists(atPath: tokensOf)
    let other = try ModelReference(name: tokensOf, seed: isFile ? nil : random)
      .load(threads: Threads(1)).classTokens
    guard other.names == own.names, other.width == own.width else {
      throw CommandFailure(
        .usage,
        "\(tokensOf.printable) has tokens of \(other.count) classes and width \(other.width), the model of \(own.count) and \(own.width); take a checkpoint of the same classes and width"
      )
    }
    return other
  }

  private func index(of name: Substring, in classes: [String], _ option: String) throws -> Int {
    guard let found = classes.classIndex(String(name)) else {
      throw CommandFailure(
        .usage,
        "\(option) \(String(name).printable): the classes are \(classes.joined(separator: ", "))")
    }
    return found
  }
}

extension TokenEdit {
  /// The edit as JSON, classes by their names; `other` is where swapped tokens come from.
  func json(_ classes: [String], other: String?) -> JSON {
    .object([
      JSON.Member(
        "bias",
        .object(
          classes.indices.filter { bias[$0] != 0 }.map {
            JSON.Member(classes[$0], .number("\(bias[$0])"))
          })),
      JSON.Member("masked", .array(masked.sorted().map { .string(classes[$0]) })),
      JSON.Member(
        "merged",
        .array(
          groups.merged.map { k in
            .object([
              JSON.Member("name", .string(groups.name(of: k, classes))),
              JSON.Member("classes", .array(groups.members(of: k).map { .string(classes[$0]) })),
            ])
          })),
      JSON.Member("tokens_of", isSwapped ? other.map { .string($0) } ?? .null : .null),
      JSON.Member("temperature", .number("\(temperature)")),
    ])
  }
}
