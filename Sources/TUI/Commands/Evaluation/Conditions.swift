import ArgumentParser
import Core

/// How a run's pictures become predictions: by a protocol, perhaps corrupted on purpose, perhaps without parts of the model.
///
/// Its description stands in the run, so runs under different conditions are different runs.
struct Conditions: Equatable, Sendable, CustomStringConvertible {
  var rules = InferenceProtocol.ours
  var corruption: Corruption?
  var ablation: Ablation = []

  /// The protocol's description, followed by `corrupt=fog:3` and `without=axial,p2` where that is so.
  var description: String {
    ([rules.description] + (corruption.map { ["corrupt=\($0)"] } ?? [])
      + (ablation.isEmpty ? [] : ["without=\(ablation)"])).joined(separator: " ")
  }

  init(
    rules: InferenceProtocol = .ours, corruption: Corruption? = nil, ablation: Ablation = []
  ) {
    self.rules = rules
    self.corruption = corruption
    self.ablation = ablation
  }

  /// The conditions that have this description; `nil` for any other text.
  init?(description text: String) {
    var words = text.split(separator: " ").map(String.init)
    func take(_ key: String) -> String? {
      guard let last = words.last, last.hasPrefix(key) else { return nil }
      words.removeLast()
      return String(last.dropFirst(key.count))
    }
    let ablation = take("without=").flatMap(Ablation.init(description:))
    let corruption = take("corrupt=").flatMap(Corruption.init(description:))
    guard let rules = InferenceProtocol(description: words.joined(separator: " ")) else {
      return nil
    }
    self.init(rules: rules, corruption: corruption, ablation: ablation ?? [])
    guard description == text else { return nil }
  }
}

extension Conditions {
  /// Refuses a model that has not the parts that it is to do without.
  func check(_ configuration: ModelConfiguration) throws {
    let removable = configuration.removableParts
    guard !ablation.isSubset(of: removable) else { return }
    let parts = removable.isEmpty ? "nothing" : "only \(removable)"
    throw CommandFailure(
      .usage,
      "--without \(ablation.subtracting(removable)): \(configuration.name) has no such part; \(parts) can be left out"
    )
  }
}

extension Ablation: ExpressibleByArgument {
  /// Names of parts, separated by commas.
  public init?(argument: String) { self.init(description: argument) }
}

/// The corruptions that `--corrupt` names: `all`, or kinds, each perhaps with a severity, as `fog,blur:3`.
struct CorruptionList: ExpressibleByArgument, Equatable {
  /// In the order of kinds and severities, none twice.
  let corruptions: [Corruption]

  init?(argument: String) {
    var chosen: Set<Corruption> = []
    for name in argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      if let corruption = Corruption(description: name) {
        chosen.insert(corruption)
        continue
      }
      let kinds =
        name == "all"
        ? Corruption.Kind.allCases : [Corruption.Kind(rawValue: name)].compactMap { $0 }
      guard !kinds.isEmpty else { return nil }
      for kind in kinds {
        chosen.formUnion(Corruption.severities.map { Corruption(kind, severity: $0) })
      }
    }
    corruptions = Corruption.Kind.allCases.flatMap { kind in
      Corruption.severities.map { Corruption(kind, severity: $0) }
    }.filter(chosen.contains)
  }
}
