/// A string whose identity is its UTF-8 bytes, as file formats mean it.
///
/// Swift's own `==` and hash treat canonically equivalent strings as equal, so two tensors whose names
/// differ only in composition would become one. It also sorts combining marks in quadratic time, which
/// a hostile name can exploit.
struct ExactString: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
  let text: String

  init(_ text: String) { self.text = text }

  init(stringLiteral text: String) { self.text = text }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  static func == (a: ExactString, b: ExactString) -> Bool {
    a.text.utf8.count == b.text.utf8.count && a.text.utf8.elementsEqual(b.text.utf8)
  }

  static func < (a: ExactString, b: ExactString) -> Bool {
    a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
  }
}
