/// Python's pickle machine, made inert: it puts together what a pickle describes and runs nothing.
///
/// Memory is bounded by the pickle's own length, since an instruction makes at most one object, and by ``objectLimit``.
struct PickleMachine {
  /// The longest pickle that is read, in bytes; those of large checkpoints have less than one million.
  static let byteLimit = 64 << 20
  /// The most objects of one pickle.
  static let objectLimit = 4 << 20

  typealias Reference = PickleGraph.Reference

  private let bytes: UnsafeRawBufferPointer
  private let start: Int
  private var position: Int
  private var nodes: [PickleGraph.Node] = []
  private var stack: [Reference] = []
  /// How high the stack was at each open mark.
  private var marks: [Int] = []
  private var memo: [Int: Reference] = [:]

  private init(_ bytes: UnsafeRawBufferPointer, from start: Int) {
    self.bytes = bytes
    self.start = start
    position = start
  }

  /// What the pickle at `start` describes, and where it ends.
  static func run(
    _ bytes: UnsafeRawBufferPointer, from start: Int = 0
  ) throws(PickleFailure) -> (graph: PickleGraph, end: Int) {
    var machine = PickleMachine(bytes, from: start)
    var instruction = start
    do {
      try machine.expectProtocol()
      while true {
        instruction = machine.position
        if try machine.step() { break }
      }
      let root = try machine.pop()
      // Places of texts count from the pickle's own beginning.
      let graph = PickleGraph(
        nodes: machine.nodes, root: root, bytes: Array(bytes[start..<machine.position]))
      return (graph, machine.position)
    } catch {
      throw PickleFailure(offset: instruction - start, reason: error)
    }
  }

  private mutating func expectProtocol() throws(PickleFailure.Reason) {
    guard position + 2 <= bytes.count else { throw .truncated }
    guard bytes[position] == PickleOpcode.proto.rawValue, 2...5 ~= bytes[position + 1] else {
      throw .noProtocol
    }
    position += 2
  }

  /// Obeys the next instruction; whether it was the last.
  private mutating func step() throws(PickleFailure.Reason) -> Bool {
    guard position - start < Self.byteLimit else { throw .tooLong }
    let code = UInt8(try number(1))
    guard let opcode = PickleOpcode(rawValue: code) else { throw .refusedOpcode(code) }
    switch opcode {
    case .stop: return true
    case .proto: _ = try number(1)
    case .frame: _ = try number(8)

    case .none: try push(.none)
    case .newTrue: try push(.bool(true))
    case .newFalse: try push(.bool(false))
    case .binInt: try push(.int(Int(Int32(truncatingIfNeeded: try number(4)))))
    case .binInt1: try push(.int(try number(1)))
    case .binInt2: try push(.int(try number(2)))
    case .long1: try pushLong(try number(1))
    case .long4: try pushLong(try number(4))
    case .binFloat:
      let pattern = UInt64(bitPattern: Int64(try number(8))).byteSwapped
      try push(.float(Double(bitPattern: pattern)))

    case .binUnicode: try pushText(try number(4))
    case .shortBinUnicode: try pushText(try number(1))
    case .binUnicode8: try pushText(try number(8))
    case .binString, .binBytes: try push(.bytes(try take(try number(4))))
    // Python 2 wrote its texts so; names that are not UTF-8 stay bytes.
    case .shortBinString:
      let place = try take(try number(1))
      try push(isUTF8(place) ? .text(place) : .bytes(place))
    case .shortBinBytes: try push(.bytes(try take(try number(1))))
    case .binBytes8, .byteArray8: try push(.bytes(try take(try number(8))))

    case .emptyTuple: try push(.tuple([]))
    case .emptyList: try push(.list([]))
    case .emptyDict: try push(.dictionary([]))
    case .emptySet: try push(.set([]))
    case .mark:
      guard marks.count < Self.objectLimit else { throw .tooManyObjects }
      marks.append(stack.count)
    case .tuple: try push(.tuple(try popToMark()))
    case .tuple1: try push(.tuple(try pop(1)))
    case .tuple2: try push(.tuple(try pop(2)))
    case .tuple3: try push(.tuple(try pop(3)))
    case .list: try push(.list(try popToMark()))
    case .frozenSet: try push(.set(try popToMark()))
    case .dict: try push(.dictionary(Self.pairs(try popToMark())))
    case .append: try append(try pop(1))
    case .appends, .addItems: try append(try popToMark())
    case .setItem: try set(try pop(2))
    case .setItems: try set(try popToMark())

    case .binGet: try get(try number(1))
    case .longBinGet: try get(try number(4))
    case .binPut: try put(at: try number(1))
    case .longBinPut: try put(at: try number(4))
    case .memoize: try put(at: memo.count)

    case .global: try push(.global(module: try line(), name: try line()))
    case .stackGlobal:
      let names = try pop(2)
      guard case .text(let module) = nodes[names[0]], case .text(let name) = nodes[names[1]] else {
        throw .wrongKind(expected: "the names of a module and a class")
      }
      try push(.global(module: module, name: name))
    case .reduce, .newObj:
      let call = try pop(2)
      try pushCall(of: call[0], arguments: call[1])
    case .newObjEx:
      // Arguments with names are of no use to us.
      let call = try pop(3)
      try pushCall(of: call[0], arguments: call[1])
    case .build: try build()
    case .binPersID: try push(.persistent(try pop()))
    }
    return false
  }

  // MARK: Objects

  private mutating func pushCall(
    of callee: Reference, arguments: Reference
  ) throws(PickleFailure.Reason) {
    guard case .tuple = nodes[arguments] else {
      throw .wrongKind(expected: "a tuple of arguments")
    }
    try push(.call(PickleGraph.Call(callee: callee, arguments: arguments)))
  }

  private mutating func build() throws(PickleFailure.Reason) {
    let state = try pop()
    let target = try top()
    guard case .call(var call) = nodes[target] else {
      throw .wrongKind(expected: "an object that takes a state")
    }
    call.state = state
    nodes[target] = .call(call)
  }

  private mutating func append(_ elements: [Reference]) throws(PickleFailure.Reason) {
    let target = try top()
    switch nodes[target] {
    case .list(var list):
      nodes[target] = .none  // so that the list is not copied
      list += elements
      nodes[target] = .list(list)
    case .set(var set):
      nodes[target] = .none
      set += elements
      nodes[target] = .set(set)
    // A subclass of list: what it holds is of no use to us.
    case .call: break
    default: throw .wrongKind(expected: "a list")
    }
  }

  private mutating func set(_ items: [Reference]) throws(PickleFailure.Reason) {
    let target = try top()
    switch nodes[target] {
    case .dictionary(var members):
      nodes[target] = .none
      members += Self.pairs(items)
      nodes[target] = .dictionary(members)
    case .call(var call):
      nodes[target] = .none
      call.items += Self.pairs(items)
      nodes[target] = .call(call)
    default: throw .wrongKind(expected: "a dictionary")
    }
  }

  private static func pairs(_ items: [Reference]) -> [(key: Reference, value: Reference)] {
    (0..<items.count / 2).map { (items[2 * $0], items[2 * $0 + 1]) }
  }

  // MARK: Stack and memo

  private mutating func push(_ node: PickleGraph.Node) throws(PickleFailure.Reason) {
    guard nodes.count < Self.objectLimit else { throw .tooManyObjects }
    stack.append(nodes.count)
    nodes.append(node)
  }

  /// How many objects stand above the last mark.
  private var available: Int { stack.count - (marks.last ?? 0) }

  private func top() throws(PickleFailure.Reason) -> Reference {
    guard available > 0, let top = stack.last else { throw .emptyStack }
    return top
  }

  private mutating func pop() throws(PickleFailure.Reason) -> Reference {
    let top = try top()
    stack.removeLast()
    return top
  }

  private mutating func pop(_ count: Int) throws(PickleFailure.Reason) -> [Reference] {
    guard available >= count else { throw .emptyStack }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(PickleFailure.Reason) -> [Reference] {
    guard let mark = marks.popLast() else { throw .noMark }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func get(_ index: Int) throws(PickleFailure.Reason) {
    guard let reference = memo[index] else { throw .unknownMemo(index) }
    guard stack.count < Self.objectLimit else { throw .tooManyObjects }
    stack.append(reference)
  }

  private mutating func put(at index: Int) throws(PickleFailure.Reason) {
    guard memo.count < Self.objectLimit else { throw .tooManyObjects }
    memo[index] = try top()
  }

  // MARK: Bytes

  /// The little-endian number of `count` bytes that follows; one of eight bytes keeps its bit pattern.
  private mutating func number(_ count: Int) throws(PickleFailure.Reason) -> Int {
    guard count <= bytes.count - position else { throw .truncated }
    var value: UInt64 = 0
    for i in 0..<count { value |= UInt64(bytes[position + i]) << (8 * i) }
    position += count
    return Int(truncatingIfNeeded: value)
  }

  /// The place of the `count` bytes that follow, counted from the pickle's beginning.
  private mutating func take(_ count: Int) throws(PickleFailure.Reason) -> Range<Int> {
    guard count >= 0, count <= bytes.count - position else { throw .truncated }
    defer { position += count }
    return position - start..<position - start + count
  }

  /// The place of the line that follows, without its end.
  private mutating func line() throws(PickleFailure.Reason) -> Range<Int> {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { throw .truncated }
    let place = try take(end - position)
    position += 1
    guard isUTF8(place) else { throw .notUTF8 }
    return place
  }

  private mutating func pushText(_ count: Int) throws(PickleFailure.Reason) {
    let place = try take(count)
    guard isUTF8(place) else { throw .notUTF8 }
    try push(.text(place))
  }

  /// An integer of `count` bytes, in two's complement.
  private mutating func pushLong(_ count: Int) throws(PickleFailure.Reason) {
    let place = try take(count)
    guard count <= 8 else { return try push(.longInt(place)) }
    var value: UInt64 = 0
    for (i, byte) in bytes[start + place.lowerBound..<start + place.upperBound].enumerated() {
      value |= UInt64(byte) << (8 * i)
    }
    let unused = 64 - 8 * count
    try push(.int(count == 0 ? 0 : Int(Int64(bitPattern: value << unused) >> unused)))
  }

  private func isUTF8(_ place: Range<Int>) -> Bool {
    let text = bytes[start + place.lowerBound..<start + place.upperBound]
    return String(validating: text, as: UTF8.self) != nil
  }
}
