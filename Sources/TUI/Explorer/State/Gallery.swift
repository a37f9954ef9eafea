import Core
import Glibc

/// The images that can be browsed: which of them are listed, in which order, and which one is open.
struct Gallery: Sendable {
  /// What the list is sorted by.
  enum Sort: Sendable, Equatable, Hashable {
    case name
    /// Mean IoU of the first model, lowest first: the worst images are what one looks for.
    case meanIoU
    /// The first model's mean IoU minus the second's, largest difference first.
    case delta
    /// Mean entropy of the first model, highest first.
    case entropy
    /// Area of a class as the first model sees it, largest first.
    case area(classIndex: Int)
    /// Any of the numbers that ``Gallery/number(_:of:)`` knows, lowest first.
    case number(String)
  }

  /// What has been learnt of an image by showing it; in the order of the models.
  struct Facts: Sendable, Equatable {
    var meanIoU: [Double?] = []
    var meanEntropy: Double?
    /// Shares of the area in [0, 1], one per class.
    var areas: [Float] = []
    /// What the counts of the first model's answer say.
    var scores: ImageScores?
    /// What the first model's student makes of its teacher's prediction.
    var split: GuidanceSplit?

    /// The first model's mean IoU minus the second's, in percent; `nil` unless both are known.
    var delta: Double? {
      guard meanIoU.count > 1, let a = meanIoU[0], let b = meanIoU[1] else { return nil }
      // An image of void alone has no mean.
      let difference = a - b
      return difference.isNaN ? nil : difference
    }
  }

  /// All images; nothing of one is read before it is shown.
  let entries: [Sample]
  /// The classes' names, for filters.
  let classNames: [String]
  /// Indices of the listed entries, in the list's order.
  private(set) var listed: [Int]
  /// Index of the open entry.
  private(set) var selected = 0
  private(set) var filter = ""
  private(set) var sort = Sort.name
  /// The entries that alone are listed, in this order whatever the list is sorted by; `nil` for all.
  private(set) var narrowed: [Int]?
  /// Names of the marked entries.
  var marks: Set<String> = []
  /// Names of the entries whose mark was changed since the start.
  private var changedMarks: Set<String> = []
  /// What is known, by entry.
  private(set) var facts: [Int: Facts] = [:]

  init(_ entries: [Sample], classNames: [String] = []) {
    self.entries = entries
    self.classNames = classNames
    listed = Array(entries.indices)
  }

  /// The open entry, `nil` in an empty folder.
  var current: Sample? { entries.indices.contains(selected) ? entries[selected] : nil }

  /// Where the open entry stands in the list.
  var position: Int? { listed.firstIndex(of: selected) }

  /// Opens the entry `offset` places further in the list, stopping at its ends.
  mutating func move(by offset: Int) {
    guard !listed.isEmpty else { return }
    selected = listed[min(max((position ?? 0) + offset, 0), listed.count - 1)]
  }

  /// Opens the entry at a place of the list.
  mutating func open(position: Int) {
    if listed.indices.contains(position) { selected = listed[position] }
  }

  /// Opens the entry of a name, if there is one.
  mutating func open(named name: String) {
    if let index = entries.firstIndex(where: { $0.name == name }) { selected = index }
  }

  /// Marks the open entry, or takes its mark away, and says which of both; `nil` where none is open.
  mutating func toggleMark() -> (name: String, isMarked: Bool)? {
    guard let name = current?.name else { return nil }
    changedMarks.insert(name)
    let isMarked = marks.remove(name) == nil
    if isMarked { marks.insert(name) }
    return (name, isMarked)
  }

  /// Adds marks that are kept elsewhere, but for entries whose mark was changed while those were read.
  mutating func join(marks others: Set<String>) {
    marks.formUnion(others.subtracting(changedMarks))
  }

  /// Lists only the entries whose name holds `text` (any case), or of which it holds, as in `mIoU<50` and `IoU.Car>80`.
  ///
  /// `*` alone lists the marked ones.
  mutating func setFilter(_ text: String) {
    filter = text
    relist()
    if position == nil, let first = listed.first { selected = first }
  }

  mutating func setSort(_ sort: Sort) {
    self.sort = sort
    relist()
  }

  /// Lists only `entries`, in their order, and opens the first of them; `nil` lists all again.
  mutating func narrow(to entries: [Int]?) {
    narrowed = entries
    filter = ""
    relist()
    if narrowed != nil, let first = listed.first { selected = first }
  }

  /// Notes what showing an entry taught; a list that is sorted by it is put in order again.
  mutating func learn(_ facts: Facts, of index: Int) {
    self.facts[index] = facts
    if sort != .name { relist() }
  }

  /// Notes what was counted on entries without showing them.
  mutating func learn(_ scores: [(entry: Int, ImageScores)], slot: Int, of slots: Int) {
    for (entry, scores) in scores {
      var facts = facts[entry] ?? Facts()
      if facts.meanIoU.count < slots {
        facts.meanIoU += Array(repeating: nil, count: slots - facts.meanIoU.count)
      }
      facts.meanIoU[slot] = scores.meanIoU
      if slot == 0 { facts.scores = scores }
      self.facts[entry] = facts
    }
    if sort != .name || comparison != nil { relist() }
  }

  /// Forgets what a slot's answers taught; areas and class scores are the first slot's.
  mutating func forget(slot: Int) {
    for entry in facts.keys {
      guard var facts = facts[entry] else { continue }
      if facts.meanIoU.indices.contains(slot) { facts.meanIoU[slot] = nil }
      if slot == 0 {
        (facts.areas, facts.scores, facts.meanEntropy, facts.split) = ([], nil, nil, nil)
      }
      self.facts[entry] = facts
    }
    if sort != .name || comparison != nil { relist() }
  }

  /// The filter as a comparison with a number that is known of images.
  private var comparison: NumberFilter? { NumberFilter(filter, classNames: classNames) }

  private mutating func relist() {
    let wanted = filter.lowercased()
    let comparison = comparison
    let matching = (narrowed ?? Array(entries.indices)).filter { index in
      if let comparison { return comparison.holds(number(comparison.name, of: index)) }
      return wanted.isEmpty
        || (wanted == "*"
          ? marks.contains(entries[index].name)
          : entries[index].name.lowercased().holds(wanted))
    }
    guard narrowed == nil else {
      listed = matching
      return
    }
    switch sort {
    case .name: listed = matching
    case .meanIoU: listed = sorted(matching) { $0.meanIoU.first.flatMap { $0 } }
    case .delta: listed = sorted(matching) { $0.delta.map { -abs($0) } }
    case .entropy: listed = sorted(matching) { $0.meanEntropy.map { -$0 } }
    case .area(let k):
      listed = sorted(matching) { k < $0.areas.count ? -Double($0.areas[k]) : nil }
    case .number(let name):
      let numbers = matching.map { ($0, number(name, of: $0) ?? .infinity) }
      listed = numbers.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
    }
  }

  /// In order of a fact; entries of which it is unknown, or does not exist, come last, by name.
  private func sorted(_ indices: [Int], by key: (Facts) -> Double?) -> [Int] {
    func known(_ index: Int) -> Double? {
      facts[index].flatMap(key).flatMap { $0.isNaN ? nil : $0 }
    }
    return indices.map { ($0, known($0)) }.sorted { a, b in
      switch (a.1, b.1) {
      case (let x?, let y?): (x, a.0) < (y, b.0)
      case (.some, nil): true
      case (nil, .some): false
      case (nil, nil): a.0 < b.0
      }
    }.map(\.0)
  }
}

extension String {
  /// Whether `text` occurs; searched byte by byte where that is enough, as ten thousand names are searched at each key.
  fileprivate func holds(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ $0 < 128 }) else { return contains(text) }
    return withCString { name in text.withCString { strstr(name, $0) != nil } }
  }
}
