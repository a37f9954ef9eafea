/// What is known of the pixel under the cursor.
struct ReadOut: Equatable {
  /// One slot's opinion.
  struct Opinion: Equatable {
    let slot: String
    /// The most likely classes with their probabilities.
    let ranking: [(name: String, classIndex: Int, probability: Float)]
    let teacher: (name: String, probability: Float)?
    let entropy: Float?

    /// How far the most likely class leads before the second, in [0, 1]; `nil` for files, which know one class.
    var margin: Float? {
      ranking.count > 1 ? ranking[0].probability - ranking[1].probability : nil
    }

    static func == (a: Opinion, b: Opinion) -> Bool {
      a.slot == b.slot && a.ranking.map(\.classIndex) == b.ranking.map(\.classIndex)
        && a.ranking.map(\.probability) == b.ranking.map(\.probability) && a.entropy == b.entropy
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
        entropy: answer.certainty.map { $0.entropy[cursor.y * $0.width + cursor.x] })
    }
    return ReadOut(
      x: cursor.x, y: cursor.y, truth: shown.truth.map { name(Int($0[cursor.x, cursor.y])) },
      opinions: opinions)
  }
}
