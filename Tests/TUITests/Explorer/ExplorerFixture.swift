@testable import Core
@testable import TUI

/// Small worlds for tests of the explorer.
enum ExplorerFixture {
  static let classes = ClassList(
    names: ["sky", "road", "car"],
    palette: [RGB(90, 140, 255), RGB(120, 110, 120), RGB(200, 40, 40)],
    ignoreIndex: 255)

  /// A state with `images` images called a0, a1, …, each with labels, and one slot per name.
  static func state(
    images: Int = 5, slots: [String] = ["hfgd"], columns: Int = 100, rows: Int = 30,
    hasLabels: Bool = true
  ) -> ExplorerState {
    state(
      images: images,
      of: slots.map {
        Slot(
          name: $0, outputStrides: [32, 4], teacherStride: 32,
          removableParts: [.axial, .p2, .p3, .p4, .p5])
      }, columns: columns, rows: rows, hasLabels: hasLabels)
  }

  /// The same with slots as they come.
  static func state(
    images: Int = 5, of slots: [Slot], columns: Int = 100, rows: Int = 30, hasLabels: Bool = true
  ) -> ExplorerState {
    let entries = (0..<images).map { sample("a\($0)", hasLabel: hasLabels) }
    return ExplorerState(
      columns: columns, rows: rows, gallery: Gallery(entries, classNames: classes.names),
      slots: slots, classes: classes)
  }

  /// An image NAME.png that nobody reads, perhaps with labels.
  static func sample(_ name: String, hasLabel: Bool = false) -> Sample {
    Sample(
      name: name, image: FileSource(path: "\(name).png"),
      label: hasLabel ? FileSource(path: "\(name)_l.png") : nil, instances: nil,
      encoding: LabelEncoding(), colours: nil)
  }

  /// An 8×6 picture of one colour.
  static let picture = Picture(width: 8, height: 6, filled: RGB(100, 110, 120))

  /// Labels whose left half is sky and right half road.
  static let truth = LabelMap(
    width: 8, height: 6, values: (0..<48).map { $0 % 8 < 4 ? 0 : 1 })

  /// An answer that calls everything class `k`.
  static func answer(_ k: UInt16, stride: Int = 4, against truth: LabelMap? = truth) -> Answer {
    let labels = LabelMap(width: 8, height: 6, values: Array(repeating: k, count: 48))
    var counts: ConfusionMatrix?
    if let truth {
      var matrix = ConfusionMatrix(classes: 3)
      matrix.add(prediction: labels, truth: truth, ignoreIndex: 255)
      counts = matrix
    }
    return Answer(
      outputStride: stride, isTeacher: stride == 32, labels: labels, certainty: nil,
      logits: Tensor(Shape(h: 1, w: 1, c: 3), [0, 2, 1]), frame: InputFrame(width: 33, height: 33),
      counts: counts,
      milliseconds: 12)
  }

  /// The state after the events, with all effects in order.
  static func after(_ state: ExplorerState, _ events: [ExplorerEvent])
    -> (state: ExplorerState, effects: [ExplorerEffect])
  {
    var state = state
    let effects = events.flatMap { ExplorerUpdate.update(&state, $0) }
    return (state, effects)
  }

  /// Keys as events: each character, or a name in angle brackets such as `<Enter>`.
  static func keys(_ text: String) -> [ExplorerEvent] {
    var events: [ExplorerEvent] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first == "<", let end = rest.firstIndex(of: ">"),
        let key = Key(named: String(rest[rest.index(after: rest.startIndex)..<end]))
      {
        events.append(.terminal(.key(key)))
        rest = rest[rest.index(after: end)...]
      } else {
        events.append(.terminal(.key(Key(first))))
        rest = rest.dropFirst()
      }
    }
    return events
  }
}
