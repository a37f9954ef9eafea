/// What is known of the pixel under the cursor.
struct ReadOut: Equatable {
  /// One slot's opinion.
  struct Opinion: Equatable {
    let slot: String
    /// The most likely classes with their probabilities.
    let ranking: [(name: String, classIndex: Int, probability: Float)]
    let teacher: (name: String, probability: Float)?
    let entropy: Float?
    /// What the lens of the slot's pane says here, such as ("cosine", 0.83).
    var lens: (name: String, value: Float)?

    /// How far the most likely class leads before the second, in [0, 1]; `nil` for files, which know one class.
    var margin: Float? {
      ranking.count > 1 ? ranking[0].probability - ranking[1].probability : nil
    }

    static func == (a: Opinion, b: Opinion) -> Bool {
      a.slot == b.slot && a.ranking.map(\.classIndex) == b.ranking.map(\.classIndex)
        && a.ranking.map(\.probability) == b.ranking.map(\.probability) && a.entropy == b.entropy
        && a.lens?.name == b.lens?.name && a.lens?.value == b.lens?.value
        && a.teacher?.name == b.teacher?.name && a.teacher?.probability == b.teacher?.probability
    }
  }

  let x, y: Int
  let truth: String?
  let opinions: [Opinion]

  /// One line of text, for the clipboard.
  var plain: String {
    var parts = ["(\(x),\(y))"]
    if let truth { parts.append("truth \(truth)") }
    for opinion in opinions {
      let classes = opinion.ranking.map {
        "\($0.name) \(Double($0.probability).formatted(decimals: 2))"
      }
      var text = "\(opinion.slot): \(classes.joined(separator: ", "))"
      if let teacher = opinion.teacher {
        text += "; teacher \(teacher.name) \(Double(teacher.probability).formatted(decimals: 2))"
      }
      if let entropy = opinion.entropy {
        text += "; entropy \(Double(entropy).formatted(decimals: 2))"
      }
      if let margin = opinion.margin {
        text += "; margin \(Double(margin).formatted(decimals: 2))"
      }
      if let lens = opinion.lens {
        text += "; \(lens.name) \(Double(lens.value).formatted(decimals: 2))"
      }
      parts.append(text)
    }
    return parts.joined(separator: " · ")
  }
}

extension ExplorerState {
  /// The read-out of the cursor's pixel; `nil` without a cursor or a picture under it.
  var readOut: ReadOut? {
    guard let cursor, let picture = shown.picture, cursor.x < picture.width,
      cursor.y < picture.height
    else { return nil }
    func name(_ k: Int) -> String {
      classes.names.indices.contains(k)
        ? classes.names[k] : k == classes.ignoreIndex ? "void" : "\(k)"
    }
    let opinions = slots.indices.compactMap { slot -> ReadOut.Opinion? in
      guard let answer = answer(of: slot) else { return nil }
      let teacher = shown.teacher(of: slot).flatMap { teacher in
        teacher.outputStride == answer.outputStride
          ? nil : teacher.ranking(x: cursor.x, y: cursor.y).first
      }
      return ReadOut.Opinion(
        slot: slots.count > 1 ? ["A", "B"][slot] : slots[slot].name,
        ranking: answer.ranking(x: cursor.x, y: cursor.y).prefix(3).map {
          (name($0.classIndex), $0.classIndex, $0.probability)
        },
        teacher: teacher.map { (name($0.classIndex), $0.probability) },
        entropy: answer.certainty.map { $0.entropy[cursor.y * $0.width + cursor.x] },
        lens: lensReading(of: slot, at: cursor))
    }
    return ReadOut(
      x: cursor.x, y: cursor.y, truth: shown.truth.map { name(Int($0[cursor.x, cursor.y])) },
      opinions: opinions)
  }

  /// What the lens in a slot's pane says of a pixel.
  private func lensReading(of slot: Int, at pixel: PixelPoint) -> (name: String, value: Float)? {
    let pane = slots.count > 1 ? slot : focusedPane
    guard visiblePanes.contains(pane), let answer = answer(of: pane) else { return nil }
    switch views[pane] {
    case .similarity:
      guard let probe = probe(of: pane), let features = answer.features else { return nil }
      return ("cosine", features.similarity(to: probe, x: pixel.x, y: pixel.y))
    case .divergence:
      guard let divergence = answer.divergence, let width = shown.picture?.width else { return nil }
      return ("KL", divergence[pixel.y * width + pixel.x])
    case .mask:
      let k = classPanel.selected
      return answer.masks.map {
        ("mask of \(classes.names[k])", $0.mask(of: k, x: pixel.x, y: pixel.y))
      }
    case .probability:
      let k = classPanel.selected
      return answer.logits.map {
        (
          "P(\(classes.names[k]))",
          $0.probabilities(x: pixel.x, y: pixel.y, frame: answer.frame)[k]
        )
      }
    default: return nil
    }
  }
}
