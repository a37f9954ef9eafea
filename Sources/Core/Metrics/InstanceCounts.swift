/// The weighted pixels of Cityscapes' instances, from which cityscapesScripts takes iIoU.
///
/// Each pixel of an instance counts (mean instance size of its class) / (size of the instance), so that all instances of a
/// class weigh the same. Weights are kept in units of 2⁻²⁰, rounded once per instance, so that they are whole numbers
/// and add up in any order; a class takes 2⁴³ pixels.
public struct InstanceCounts: Sendable, Equatable, Counters {
  /// A weight of 1.
  static let one = 1_048_576.0

  /// Per label that ``Cityscapes`` takes instances of: right and wrong; then the same within the label's category.
  var numbers: [UInt64]

  init(classes: Int = 0) {
    numbers = [UInt64](repeating: 0, count: 4 * Cityscapes.instanceLabels.count)
  }

  /// iTP: weighted pixels of instances of the label `id` that were predicted as that label.
  public func right(_ id: Int) -> Double { weight(id, 0) }

  /// iFN: weighted pixels of instances of the label `id` that were predicted otherwise.
  public func wrong(_ id: Int) -> Double { weight(id, 1) }

  /// Weighted pixels of instances of the label `id` that were predicted as a label of its category.
  public func rightInCategory(_ id: Int) -> Double { weight(id, 2) }

  /// Weighted pixels of instances of the label `id` that were predicted as no label of its category.
  public func wrongInCategory(_ id: Int) -> Double { weight(id, 3) }

  private func weight(_ id: Int, _ offset: Int) -> Double {
    guard let place = Cityscapes.instanceLabels.firstIndex(where: { $0.id == id }) else { return 0 }
    return Double(numbers[4 * place + offset]) / Self.one
  }
}
