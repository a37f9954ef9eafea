/// The tensors that a pickled object holds, found by descending through what training scripts wrap them in.
struct StateDict {
  /// The tensors, in the pickle's order; the common prefix of a wrapped module is taken off their names.
  private(set) var tensors: [StoredTensor] = []
  /// What was unwrapped, taken off and left out.
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
  /// What parallel training, compiling and wrapping put before every name.
  static let prefixes = ["module.", "_orig_mod.", "model."]

  /// The most members of dictionaries that are looked at: those of a hostile pickle may be shared without end.
  private static let memberLimit = 1 << 20

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
      guard !members.contains(where: { isTensor($0.value) }) else { break }
      let raw = Self.wrappers.first { key in isDictionary(key, in: members) }
      let average = Self.averages.first { key in isDictionary(key, in: members) }
      guard let key = choice == .average ? average ?? raw : raw ?? average else { break }
      if let average, raw != nil {
        notes.append(.hasAverage(key: average, isTaken: key == average))
      }
      path.append(key)
      reference = members.first { $0.key == key }?.value ?? reference
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
    try take(members)
    stripPrefixes()
  }

  private func isTensor(_ reference: PickleGraph.Reference) -> Bool {
    guard let (name, _) = graph.call(reference) else { return false }
    return name.hasPrefix("torch._utils._rebuild") || name.hasPrefix("torch._tensor._rebuild")
      || name.hasSuffix("multiarray._reconstruct")
  }

  private func isDictionary(
    _ key: String, in members: [(key: String, value: PickleGraph.Reference)]
  ) -> Bool {
    members.contains { $0.key == key && graph.members($0.value) != nil }
  }

  private mutating func take(
    _ members: [(key: String, value: PickleGraph.Reference)]
  ) throws(TorchFailure) {
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

  private mutating func stripPrefixes() {
    while let prefix = Self.prefixes.first(where: { prefix in
      // mmengine's moving average has a scalar `steps` beside its `module.…`.
      tensors.allSatisfy { $0.name.hasPrefix(prefix) || $0.shape.isEmpty }
        && tensors.contains { $0.name.hasPrefix(prefix) }
    }) {
      tensors = tensors.map {
        $0.name.hasPrefix(prefix) ? $0.renamed(String($0.name.dropFirst(prefix.count))) : $0
      }
      notes.append(.stripped(prefix))
    }
  }

  /// Reads what the outermost dictionary tells beside the weights, and counts the objects of unknown classes.
  private mutating func note(_ members: [(key: String, value: PickleGraph.Reference)]) {
    for (key, value) in members {
      if let text = graph.text(value), text.utf8.count <= 1 << 20 { texts.append((key, text)) }
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
