import Core
import Viz

/// What the user has decided for all folders and starts: `$XDG_CONFIG_HOME/hfgd/config.json`.
///
/// JSON, in which lines that begin with `//` are comments. What the file sets holds at every start, whatever was on the
/// screen before; what it leaves out is as it was left. Options on the command line come before both.
struct ExplorerSettings: Equatable {
  var theme: ThemeChoice?
  var glyphs: GlyphSet?
  /// Opacity of class colours over pictures, in [0, 1].
  var opacity: Double?
  /// The colours of classes and judgements.
  var scheme: ColourScheme?
  var comparison: Comparison?
  /// Seconds for which a blinking pane shows either model, a multiple of 0.1.
  var blink: Double?
  var colour: ColourDepth.Choice?
  var mouse: Bool?
  /// Megabytes of results to keep.
  var cache: Int?
  /// Whether picture colours are rounded on slow links.
  var roundsColours: Bool?
  /// Keys by command.
  var keys: [String: [Key]] = [:]

  static let cacheRange = 1...1_000_000

  /// The built-in settings.
  init() {}

  /// What `text` says; `path` is for messages.
  init(_ text: String, path: String) throws(SettingsFailure) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let bare = lines.map { $0.drop { $0 == " " || $0 == "\t" }.hasPrefix("//") ? "" : $0 }
      .joined(separator: "\n")
    let json: JSON
    do throws(JSONFailure) { json = try JSON(bare) } catch {
      let line = bare.utf8.prefix(error.offset).count { $0 == UInt8(ascii: "\n") } + 1
      throw SettingsFailure(path: path, problems: ["line \(line): \(error)"])
    }
    var reader = ConfigurationReader(json)
    theme = reader.optional("theme", as: ThemeChoice.self)
    glyphs = reader.optional("glyphs", as: GlyphSet.self)
    opacity = reader.optional("opacity", "a number from 0 to 1") { $0.double.within(0...1) }
    scheme = reader.optional("colours", as: ColourScheme.self)
    comparison = reader.optional("compare", as: Comparison.self)
    blink = reader.optional("blink", "seconds from 0.1 to 10") { $0.double.within(0.1...10) }
    colour = reader.optional("color", as: ColourDepth.Choice.self)
    mouse = reader.optional("mouse", "true or false", \.bool)
    cache = reader.optional("cache", "megabytes from 1 to 1000000") {
      $0.int.within(Self.cacheRange)
    }
    roundsColours = reader.optional("round", "true or false", \.bool)
    if let changes = reader.take("keys") {
      var keyReader = ConfigurationReader(changes, path: "keys")
      keys = Self.keys(changes, &keyReader)
      reader.adopt(keyReader)
    }
    reader.finish()
    guard reader.problems.isEmpty else {
      throw SettingsFailure(path: path, problems: reader.problems)
    }
  }

  private static func keys(
    _ json: JSON, _ reader: inout ConfigurationReader
  ) -> [String: [Key]] {
    var keys: [String: [Key]] = [:]
    // The same key may mean another command in a mode of its own.
    var owners: [ExplorerCommand.Mode?: [Key: String]] = [:]
    for (name, value) in (json.object ?? []).map({ ($0.key, $0.value) }) {
      guard let command = CommandRegistry.command(named: name) else {
        let near = CommandRegistry.all.map(\.name).min {
          editDistance($0, name) < editDistance($1, name)
        }
        reader.note(
          "keys.\(name.printable) is no command; did you mean \(near ?? "help")? "
            + "hfgd explore --keys lists all")
        continue
      }
      let texts = value.array?.map(\.string) ?? [value.string]
      keys[name] = texts.compactMap { text in
        guard let key = text.flatMap(Key.init(named:)) else {
          reader.note(
            "keys.\(name) holds \(text.map { "\"\($0.printable)\"" } ?? "something"), which is no key; "
              + "write one as q, Space, F2, Ctrl-x, Alt-x or Shift-Up")
          return nil
        }
        let owner = owners[command.mode, default: [:]].updateValue(name, forKey: key)
        if let owner, owner != name {
          reader.note("keys gives \(key) to \(owner) and to \(name); take it from one of them")
        }
        return key
      }
    }
    return keys
  }
}

/// A file of settings that cannot be used.
struct SettingsFailure: Error, Equatable, CustomStringConvertible {
  let path: String
  let problems: [String]

  var description: String {
    "\(path): \(problems.joined(separator: "; ")); correct the file, or move it away"
  }
}

extension ExplorerSettings {
  /// The user's file; built-in settings where there is none.
  static func read(environment: [String: String]) throws(SettingsFailure) -> Self {
    let path = UserFolder.config.path(environment).appendingPath("config.json")
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try FileBytes.read(path, maxBytes: 1 << 20)
    } catch {
      if case .missing = error { return Self() }
      throw SettingsFailure(path: path, problems: ["\(error)"])
    }
    return try Self(String(decoding: bytes, as: UTF8.self), path: path)
  }

  /// Changes a state to what is set.
  func apply(to state: inout ExplorerState) {
    if let theme { state.themeChoice = theme }
    if let glyphs { state.glyphs = state.features.nearest(to: glyphs) }
    if let opacity { state.opacity = opacity }
    if let scheme { state.classes.scheme = scheme }
    if let comparison { state.comparison = comparison }
    if let blink { state.blinkTicks = max(1, Int((blink * 10).rounded())) }
    if let roundsColours { state.roundsColours = roundsColours }
    if let mouse { state.isMouseOn = mouse }
    state.bindings = KeyBindings(keys)
  }
}

extension ConfigurationReader {
  fileprivate mutating func optional<Choice: RawRepresentable & CaseIterable>(
    _ key: String, as type: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    return optional(key, "one of \(names)") { $0.string.flatMap(Choice.init(rawValue:)) }
  }
}

extension Optional where Wrapped: Comparable {
  fileprivate func within(_ range: ClosedRange<Wrapped>) -> Wrapped? {
    flatMap { range.contains($0) ? $0 : nil }
  }
}
