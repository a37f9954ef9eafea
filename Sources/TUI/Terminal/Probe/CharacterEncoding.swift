import Glibc

/// How characters are sent to the terminal.
struct CharacterEncoding: Equatable, Sendable {
  /// The locale in force for characters.
  let locale: String
  /// Its encoding's name.
  let codeset: String
  /// Whether the user's own locale is another one, without UTF-8.
  let isSubstitute: Bool

  var isUTF8: Bool { codeset.uppercased() == "UTF-8" }

  /// Locales that say nothing but UTF-8, in the order in which they are tried.
  private static let substitutes = ["C.UTF-8", "C.utf8", "en_US.UTF-8"]

  /// Takes the user's locale for characters, or one with UTF-8 where that has it not, as `LANG=C`.
  ///
  /// Curses replaces every character that the locale does not know by a blank. Nearly all terminals of today read UTF-8
  /// whatever the locale of a shell on another machine. Numbers and messages keep the C locale.
  static func establish() -> CharacterEncoding {
    let own = current(setlocale(LC_CTYPE, ""), isSubstitute: false)
    if own.isUTF8 { return own }
    for name in substitutes {
      if let result = setlocale(LC_CTYPE, name) { return current(result, isSubstitute: true) }
    }
    return own
  }

  private static func current(
    _ name: UnsafeMutablePointer<CChar>?, isSubstitute: Bool
  ) -> CharacterEncoding {
    CharacterEncoding(
      locale: name.map { String(cString: $0) } ?? "C",
      codeset: nl_langinfo(nl_item(CODESET)).map { String(cString: $0) } ?? "",
      isSubstitute: isSubstitute)
  }
}
