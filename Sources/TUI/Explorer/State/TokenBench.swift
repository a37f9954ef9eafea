import Core
import Viz

/// How the class tokens of the slots depend on one another, in place of the pictures.
struct TokenBench: Sendable {
  /// Whose tokens are shown.
  enum Show: Sendable, CaseIterable {
    /// One slot's; both side by side; what the second has more than the first.
    case a, b, both, difference
  }

  var isOpen = false
  var show = Show.a
  var measure = TokenMeasure()
  /// Whether like tokens stand beside each other, rather than classes in their own order.
  var isClustered = false
  /// How many steps larger than fits squares are.
  var zoom = 0
  /// The cursor: the classes of its row and its column.
  var pair = Confusion(truth: 0, prediction: 0)
  /// What follows from the tokens of each slot that has told them.
  private(set) var relations: [Int: TokenRelations] = [:]
  /// The clusters' order by the first slot that has tokens, for both, so that they can be compared.
  private var clusteredOrder: [Int] = []

  /// Takes up a slot's tokens, or that they are out of date.
  mutating func learn(_ tokens: ClassTokens?, of slot: Int) {
    guard relations[slot]?.tokens != tokens else { return }
    relations[slot] = tokens.map(TokenRelations.init)
    clusteredOrder = relations.min { $0.key < $1.key }?.value.clusteredOrder ?? []
  }

  /// The classes from the top and from the left, of which there are `count`.
  func order(of count: Int) -> [Int] {
    isClustered && clusteredOrder.count == count ? clusteredOrder : Array(0..<count)
  }
}

extension ExplorerState {
  /// Takes up the class tokens of a slot whose model has been loaded, or that it is being replaced.
  mutating func learn(_ tokens: ClassTokens?, of slot: Int, from file: FileStamp? = nil) {
    self.tokens[slot] = tokens
    tokenFiles[slot] = file
    whatIf.asked = [:]
    bench.learn(tokens, of: slot)
  }

  /// A chart of the bench, or why there is none, and what stands above it.
  struct BenchPart {
    /// In ever fewer words.
    let titles: [String]
    /// Whose confusions it opens.
    let slot: Int
    let chart: TokenChart?
    /// Said where there is no chart.
    let reason: String
  }

  /// What the bench shows, from the left.
  var benchParts: [BenchPart] {
    let order = bench.order(of: classes.names.count)
    let relations = slots.indices.map { bench.relations[$0] }
    func missing(_ slot: Int) -> String {
      slots[slot].outputStrides.isEmpty
        ? "a folder of predictions has no class tokens" : "reading \(slots[slot].name)"
    }
    func part(_ slot: Int, beside others: [TokenRelations] = []) -> BenchPart {
      let name = (slots.count > 1 ? ["A ", "B "][slot] : "") + slots[slot].name
      let mean = relations[slot].map {
        $0.meanConfidence(bench.measure.scale).formatted(decimals: 3)
      }
      return BenchPart(
        titles: mean.map { ["\(name) · mean confidence \($0)", "\(name) · mean \($0)"] } ?? [name],
        slot: slot,
        chart: relations[slot].map {
          TokenChart(
            $0, bench.measure, order: order, beside: others, map: heatColours.map(own: .viridis))
        }, reason: missing(slot))
    }
    switch bench.show {
    case .a: return [part(0)]
    case .b: return [part(slots.count - 1)]
    case .both: return slots.indices.map { part($0, beside: relations.compactMap { $0 }) }
    case .difference:
      let chart: TokenChart? =
        if let a = relations[0], let b = relations[slots.count - 1] {
          TokenChart(from: a, to: b, bench.measure, order: order)
        } else {
          nil
        }
      let absent = slots.indices.first { relations[$0] == nil } ?? 0
      return [
        BenchPart(
          titles: ["B \(slots[slots.count - 1].name) - A \(slots[0].name)", "B - A"], slot: 0,
          chart: chart, reason: missing(absent))
      ]
    }
  }

  /// What the pair under the bench's cursor is, in numbers and in the pixels that confuse it.
  var benchWords: String {
    let (i, j) = (bench.pair.truth, bench.pair.prediction)
    let known = slots.indices.compactMap { slot in bench.relations[slot].map { (slot, $0) } }
    guard let part = benchParts.first, !known.isEmpty else { return benchParts[0].reason }
    func numbers(_ name: String, _ values: TokenRelations.Values) -> String {
      name + " "
        + known.map { slot, relations in
          let value = relations.matrix(values, bench.measure.scale)[i * classes.names.count + j]
          return (slots.count > 1 ? ["A ", "B "][slot] : "") + value.formatted(decimals: 3)
        }.joined(separator: " ")
    }
    let names = i == j ? classes.names[i] : "\(classes.names[i]), \(classes.names[j])"
    let confused = confusionWords(bench.pair, of: part.slot)
    return "\(names): \(numbers("softmax", .softmax)) · \(numbers("cosine", .cosine)) · "
      + (slots.count > 1 ? "\(["A", "B"][part.slot]): " : "") + confused
  }
}
