import Core
import Viz

/// What the colours of lenses mean.
extension PaneLegend {
  static func lens(_ state: ExplorerState, _ answer: Answer, pane: Int) -> PaneLegend {
    switch state.views[pane] {
    case .similarity: similarity(state, answer, pane: pane)
    case .nearest:
      answer.nearest.map { nearest($0, answer.labels) } ?? .nothing("features are being worked out")
    case .divergence:
      answer.divergence.map { divergence($0, state.heatColours.map(own: .magma)) }
        ?? .nothing(
          answer.isTeacher
            ? "this is the teacher: o shows the student" : "being worked out")
    default: guidance(state, answer, pane: pane)
    }
  }

  private static func similarity(_ state: ExplorerState, _ answer: Answer, pane: Int)
    -> PaneLegend
  {
    guard answer.features != nil else { return .nothing("features are being worked out") }
    guard let cosines = state.cosines(of: pane) else {
      return .nothing("no probe: put the cursor on a pixel")
    }
    return .scale(
      state.heatColours.map(own: .viridis), ValueRange(around: cosines.values), slider: nil,
      note: ["cosine with \(state.probeWords)", state.probeWords])
  }

  private static func nearest(_ nearest: LabelMap, _ labels: LabelMap) -> PaneLegend {
    let others = nearest.differences(from: labels)
    let share = percent(others, of: labels.values.count)
    return .swatches([
      Swatch(
        colour: nil,
        forms: [
          "\(share) of the pixels are nearest to another class's token, drawn in its colour",
          "\(share) nearest to another class", "\(share) nearer others", share,
        ])
    ])
  }

  private static func divergence(_ values: [Float], _ map: ColourMap) -> PaneLegend {
    var sum = Double(0)
    for value in values { sum += Double(value) }
    let mean = (sum / Double(max(1, values.count))).formatted(decimals: 3)
    return .scale(
      map, ValueRange(upToMostOf: values), slider: nil,
      note: ["mean \(mean) nats from teacher to student", "mean \(mean) nats", mean])
  }

  private static func guidance(_ state: ExplorerState, _ answer: Answer, pane: Int) -> PaneLegend {
    let slot = state.slot(of: pane)
    guard !answer.isTeacher else {
      return .nothing("this is the teacher: o shows the student")
    }
    guard let teacher = state.shown.teacher(of: slot) else { return .nothing("no teacher") }
    if state.views[pane] == .disagreement {
      let others = answer.labels.differences(from: teacher.labels)
      let share = percent(others, of: answer.labels.values.count)
      return .swatches([
        Swatch(
          colour: nil,
          forms: [
            "student and teacher disagree on \(share) of the pixels, drawn in the student's class",
            "they disagree on \(share)", share,
          ])
      ])
    }
    guard let split = state.shown.split(of: slot, classes: state.classes.names.count, answer) else {
      return .nothing("no labels")
    }
    return Self.split(split, state.classes.scheme)
  }

  private static func split(_ split: GuidanceSplit, _ scheme: ColourScheme) -> PaneLegend {
    let all = GuidanceSplit.Fate.allCases.reduce(0) { $0 + Int(split.pixels($1)) }
    func swatch(
      _ word: String, _ short: String, _ fate: GuidanceSplit.Fate, _ verdict: Judgement.Verdict
    ) -> Swatch {
      share(
        word, Int(split.pixels(fate)), of: all, verdict.colour(scheme), short: short,
        countsPixels: true)
    }
    func rate(_ value: Double?) -> String {
      value.map { (100 * $0).formatted(decimals: 1) + " %" } ?? "–"
    }
    let (rescue, damage) = (rate(split.rescueRate()), rate(split.damageRate()))
    return .swatches([
      swatch("fixed", "fixed", .fixed, .fixed), swatch("broken", "broken", .broken, .broken),
      swatch("both right", "right", .bothRight, .both),
      swatch("both wrong", "wrong", .bothWrong, .neither),
      Swatch(
        colour: nil,
        forms: [
          "rescues \(rescue), damages \(damage)", "rescues \(rescue), damages \(damage)",
          "+\(rescue) −\(damage)", "+\(rescue) −\(damage)", "",
        ]),
    ])
  }
}

extension Shown {
  /// What a student's answer, or a slot's finest, makes of its teacher's; `nil` without labels, teacher or student.
  func split(of slot: Int, classes: Int, _ answer: Answer? = nil) -> GuidanceSplit? {
    guard let truth, let teacher = teacher(of: slot),
      let student = answer ?? self.answer(of: slot, pinned: nil), !student.isTeacher
    else { return nil }
    return GuidanceSplit(
      teacher: teacher.labels, student: student.labels, truth: truth, classes: classes)
  }
}
