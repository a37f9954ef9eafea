/// The tensors that a pickled object holds, found by descending through what training scripts wrap them in.
struct StateDict {
  /// The tensors, in the pickle's order.
  private(set) var tensors: [StoredTensor] = []
  /// What was unwrapped and left out.
  private(set) var notes: [TensorFile.Note] = []
  /// What stands beside the tensors in the file: texts, by their keys.
  private(set) var texts: [(key: String, value: String)] = []
  /// Names of classes, colours and the like, where the file tells them.
  private(set) var facts = CheckpointFacts()

  /// Under which keys training scripts keep the weights, the likelier first.
  static let wrappers = [
    "state_dict", "model_state_dict", "model", "module", "network", "net", "teacher", "student",
    "weights",
  ]
  /// Under which they keep their moving average.
  static let averages = ["state_dict_ema", "ema_state_dict", "model_ema", "ema", "ema_model"]
  /// Where mmengine keeps the trained weights: it exchanges them with their average before it saves.
  private static let exchanged = "ema_state_dict"
  /// What mmengine counts the average's steps in, beside the weights.
  private static let averageSteps = "steps"

  /// The most members of dictionaries that are looked at: those of a hostile pickle may be shared without end.
  private static let memberLimit = 1 << 20

  /// The most texts that are kept; a file of ours has one.
  private static let textLimit = 64

  private typealias Member = (key: String, value: PickleGraph.Reference)

  private let objects: TorchObjects
  private var graph: PickleGraph { objects.graph }

  /// The tensors of `objects`; those of the moving average, where the file has both and `choice` says so.
  init(_ objects: TorchObjects, _ choice: TensorFile.Weights) throws(TorchFailure) {
    self.objects = objects
    let graph = objects.graph
    var reference = graph.root
    var path: [String] = []
    // Wrappers nest: {"model": {"state_dict": …}}.
    while let members = graph.members(reference), path.count < 8 {
      if path.isEmpty { note(members) }
      let raw = dictionary(under: Self.wrappers, in: members)
      let average = dictionary(under: Self.averages, in: members)
      guard var taken = choice == .average ? average ?? raw : raw ?? average else { break }
      // A score may be a tensor beside the dictionary that holds the model's.
      if members.contains(where: { isTensor($0.value) }), !holdsTensors(taken.value) { break }
      if let average, let raw {
        if isExchanged(average) {
          taken = raw
          notes.append(.exchanged(key: raw.key, trained: average.key))
        } else {
          notes.append(.hasAverage(key: average.key, isTaken: taken.key == average.key))
        }
      }
      path.append(taken.key)
      reference = taken.value
    }
    if choice == .average, !notes.contains(where: \.isAverage) {
      let isAverage = path.contains { Self.averages.contains($0) }
      if !isAverage { throw .noAverage }
    }
    if !path.isEmpty { notes.append(.unwrapped(path.joined(separator: "."))) }
    guard let members = graph.members(reference) else {
      if case .call = graph[graph.root], let (name, _) = graph.call(graph.root) {
        throw .module(name)
      }
      throw .noTensors
    }
    try take(path.last == Self.exchanged ? members.filter { $0.key != Self.averageSteps } : members)
  }

  private func isTensor(_ reference: PickleGraph.Reference) -> Bool {
    guard let (name, _) = graph.call(reference) else { return false }
    return name.hasPrefix("torch._utils._rebuild") || name.hasPrefix("torch._tensor._rebuild")
      || name.hasSuffix("multiarray._reconstruct")
  }

  /// The first of `keys` that has a dictionary, and that dictionary.
  private func dictionary(
    under keys: [String], in members: [Member]
  ) -> Member? {
    for key in keys {
      if let found = members.first(where: { $0.key == key && graph.members($0.value) != nil }) {
        return found
      }
    }
    return nil
  }

  /// Whether a dictionary holds tensors, or wraps one that may.
  private func holdsTensors(_ reference: PickleGraph.Reference) -> Bool {
    let members = graph.members(reference) ?? []
    return members.contains { isTensor($0.value) }
      || dictionary(under: Self.wrappers + Self.averages, in: members) != nil
  }

  /// Whether an entry is mmengine's, which has the trained weights where others have their average.
  private func isExchanged(_ entry: Member) -> Bool {
    guard entry.key == Self.exchanged, let members = graph.members(entry.value) else {
      return false
    }
    return members.contains { $0.key == Self.averageSteps }
      && members.allSatisfy { $0.key == Self.averageSteps || $0.key.hasPrefix("module.") }
  }

  private mutating func take(_ members: [Member]) throws(TorchFailure) {
    guard members.count <= Self.memberLimit else { throw .noTensors }
    var indices: [ExactString: Int] = [:]
    var skipped: [String] = []
    for (name, value) in members {
      guard let tensor = try objects.tensor(value, named: name) else {
        skipped.append(name)
        continue
      }
      // A key that is set twice has its last value, in Python as here.
      if let index = indices.updateValue(tensors.count, forKey: ExactString(name)) {
        tensors[index] = tensor
        indices[ExactString(name)] = index
      } else {
        tensors.append(tensor)
      }
    }
    guard !tensors.isEmpty else {
      if let (name, _) = graph.call(members.first?.value ?? graph.root),
        !name.hasPrefix("torch._utils"), !name.hasPrefix("collections.")
      {
        throw .module(name)
      }
      throw .noTensors
    }
    if !skipped.isEmpty { notes.append(.skipped(skipped)) }
  }

  /// Reads what the outermost dictionary tells beside the weights, and counts the objects of unknown classes.
  private mutating func note(_ members: [Member]) {
    for (key, value) in members where texts.count < Self.textLimit {
      if let text = graph.text(value, atMost: 1 << 20) { texts.append((key, text)) }
    }
    if let meta = members.first(where: { $0.key == "meta" })?.value {
      facts = CheckpointFacts(meta: meta, in: graph)
    }
    var placeholders: [String: Int] = [:]
    for reference in graph.nodes.indices {
      guard let (name, _) = graph.call(reference), !Self.isKnown(name) else { continue }
      placeholders[name, default: 0] += 1
    }
    if !placeholders.isEmpty {
      notes.append(
        .placeholders(placeholders.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    }
  }

  /// Whether a call is one that we read as data.
  private static func isKnown(_ name: String) -> Bool {
    [
      "torch._utils._rebuild", "torch._tensor._rebuild", "collections.OrderedDict", "torch.Size",
      "torch.device", "_codecs.encode", "numpy.", "collections.Counter", "collections.defaultdict",
    ].contains { name.hasPrefix($0) }
  }
}
