/// What a pickle describes, as data: nothing of it was ever run.
///
/// A pickle is a program for a stack machine that may name any function of Python and call it. Here a name stays a name and
/// a call stays a note of what was called with what (``Node/call(of:arguments:)``), so the worst that a hostile pickle can
/// be is wrong. Objects lie in one list and refer to each other by their numbers: however deep they nest, nothing here recurses.
struct PickleGraph: Sendable {
  /// The number of an object.
  typealias Reference = Int

  /// One object.
  enum Node: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    /// An integer of more than 64 bits, little endian in two's complement.
    case longInt(Range<Int>)
    case float(Double)
    /// UTF-8 text, checked, or the bytes of a string of Python 2.
    case text(Range<Int>)
    case bytes(Range<Int>)
    case tuple([Reference])
    case list([Reference])
    case set([Reference])
    case dictionary([(key: Reference, value: Reference)])
    /// The name of a class or function.
    case global(module: Range<Int>, name: Range<Int>)
    /// What a call would have made; `state` is what it would have been given afterwards, `items` what would have been put into it.
    case call(Call)
    /// An object that is stored elsewhere, known by its identifier.
    case persistent(Reference)
  }

  /// A call that was not made.
  struct Call: Sendable {
    /// What would have been called.
    let callee: Reference
    /// With what, a tuple.
    let arguments: Reference
    /// What `__setstate__` would have got.
    var state: Reference?
    /// What would have been put into it by keys, as into an `OrderedDict`.
    var items: [(key: Reference, value: Reference)] = []
  }

  /// All objects.
  let nodes: [Node]
  /// The object that the pickle is of.
  let root: Reference
  /// The pickle's bytes, which texts are places in.
  private let bytes: [UInt8]

  /// The longest name, key or type that is read, in bytes.
  ///
  /// A pickle refers to a text by two bytes, as often as it likes: what is decoded each time must be short.
  static let nameLimit = 1024

  /// A graph over a pickle's bytes.
  init(nodes: [Node], root: Reference, bytes: [UInt8]) {
    self.nodes = nodes
    self.root = root
    self.bytes = bytes
  }

  /// The object of a number.
  subscript(reference: Reference) -> Node { nodes[reference] }

  /// The text of an object, `nil` where it is none or takes more than `limit` bytes.
  func text(_ reference: Reference, atMost limit: Int = nameLimit) -> String? {
    guard case .text(let place) = nodes[reference], place.count <= limit else { return nil }
    return String(decoding: bytes[place], as: UTF8.self)
  }

  /// Where the bytes of a bytes object stand in ``contents``, `nil` where it is none.
  func place(ofBytes reference: Reference) -> Range<Int>? {
    if case .bytes(let place) = nodes[reference] { place } else { nil }
  }

  /// The pickle itself.
  var contents: FileContents { .array(bytes) }

  /// The whole number that an object is, `nil` where it is none or too large.
  func int(_ reference: Reference) -> Int? {
    if case .int(let value) = nodes[reference] { value } else { nil }
  }

  /// The objects in a tuple or a list, `nil` where it is neither.
  func elements(_ reference: Reference) -> [Reference]? {
    switch nodes[reference] {
    case .tuple(let elements), .list(let elements): elements
    default: nil
    }
  }

  /// The full name of a class or function, such as `torch.FloatStorage`; `nil` where the object is none or the name is long.
  func globalName(_ reference: Reference) -> String? {
    guard case .global(let module, let name) = nodes[reference],
      module.count + name.count <= Self.nameLimit
    else { return nil }
    return String(decoding: bytes[module], as: UTF8.self) + "."
      + String(decoding: bytes[name], as: UTF8.self)
  }

  /// The call that an object is, and the full name of what it calls; `nil` where it is none.
  func call(_ reference: Reference) -> (name: String, call: Call)? {
    guard case .call(let call) = nodes[reference], let name = globalName(call.callee) else {
      return nil
    }
    return (name, call)
  }

  /// The members of a dictionary, ordered or not, whose keys are texts; `nil` where it is no dictionary.
  func members(_ reference: Reference) -> [(key: String, value: Reference)]? {
    let pairs: [(key: Reference, value: Reference)]
    switch nodes[reference] {
    case .dictionary(let members): pairs = members
    case .call(let call) where globalName(call.callee) == "collections.OrderedDict":
      pairs = call.items
    default: return nil
    }
    return pairs.compactMap { pair in text(pair.key).map { ($0, pair.value) } }
  }
}
