import Core

extension RunDescription {
  /// What tells a run from others, as every report begins.
  var identification: [JSON.Member] {
    [
      JSON.Member("model", .string(model)), JSON.Member("name", .string(name)),
      JSON.Member("identity", .string(identity)),
      JSON.Member("output_stride", .number("\(outputStride)")),
      JSON.Member("protocol", .string(rules)), JSON.Member("data", .string(data)),
      JSON.Member("dataset", .string(dataset)), JSON.Member("split", .string(split)),
      JSON.Member("fingerprint", .string(fingerprint)),
    ]
  }
}

extension EvaluationReport {
  /// All numbers and the counts that they are made of, as `hfgd.eval/2`; NaN is null.
  ///
  /// It depends on the counts alone: a run that was killed and resumed gives the same bytes as one that was not.
  func json(perImage: Bool) -> JSON {
    var members = description.identification
    members += [
      JSON.Member("ignore_index", .number("\(description.ignoreIndex)")),
      JSON.Member("shard", description.shard.map { .string("\($0)") } ?? .null),
      JSON.Member("images", .number("\(images.count)")),
      JSON.Member("convention", .string(convention.rawValue)),
    ]
    members += means.map { JSON.Member($0.name, Self.number($0.value)) }
    if total.boundary != nil {
      members.append(
        JSON.Member("boundary_ratio", .number(description.boundaryRatio, decimals: 4)))
    }
    members.append(
      JSON.Member("stray_label_pixels", .number("\(total.confusion.strayTruth)")))
    members.append(JSON.Member("conventions", .array(reconciliation.rows.map(Self.row))))
    members.append(
      JSON.Member("classes", .array(description.classes.indices.map(classObject))))
    members.append(JSON.Member("confusion", confusion))
    if let cityscapes { members.append(JSON.Member("cityscapes", cityscapes.json)) }
    if perImage {
      members.append(JSON.Member("per_image", .array(images.map(Self.image))))
    }
    members.append(
      JSON.Member(
        "failed",
        .array(
          failed.map {
            .object([
              JSON.Member("name", .string($0.name)), JSON.Member("error", .string($0.error)),
            ])
          })))
    return .object(
      [
        JSON.Member("schema", .string("hfgd.eval/2")),
        JSON.Member("version", .string(description.version)),
      ] + members)
  }

  private static func row(_ row: Reconciliation.Row) -> JSON {
    .object([
      JSON.Member("convention", .string(row.convention.rawValue)),
      JSON.Member("mIoU", number(100 * row.meanIoU)),
      JSON.Member("mAcc", number(100 * row.meanAccuracy)),
      JSON.Member("aAcc", number(100 * row.pixelAccuracy)),
      JSON.Member("reason", .string(row.reason)),
    ])
  }

  private func classObject(_ k: Int) -> JSON {
    let matrix = total.confusion
    var members = [JSON.Member("name", .string(description.classes[k]))]
    members += Measure.allCases.map {
      JSON.Member($0.rawValue, Self.number(100 * scores[$0, k]))
    }
    members += [
      JSON.Member("intersection", .number("\(matrix.intersection(k))")),
      JSON.Member("truth", .number("\(matrix.truth(k))")),
      JSON.Member("predicted", .number("\(matrix.predicted(k))")),
    ]
    if let boundary = total.boundary {
      members.append(JSON.Member("BIoU", Self.number(100 * boundary.iou(k))))
    }
    if let components = total.components {
      members.append(
        JSON.Member(
          "components",
          .array(
            ComponentCounts.Size.allCases.map { size in
              .object([
                JSON.Member("size", .string("\(size)")),
                JSON.Member("all", .number("\(components.components(k, size))")),
                JSON.Member("found", .number("\(components.found(k, size))")),
              ])
            })))
    }
    return .object(members)
  }

  /// The (K + 1)² counts, a row for each true class; the last row and column hold what is no class.
  private var confusion: JSON {
    let side = total.classes + 1
    return .array(
      (0..<side).map { truth in
        .array((0..<side).map { .number("\(total.confusion[truth, $0])") })
      })
  }

  private static func image(_ image: StoredImage) -> JSON {
    let scores = Scores(of: image.counts.confusion)
    return .object([
      JSON.Member("name", .string(image.name)),
      JSON.Member("mIoU", number(100 * scores.meanIoU)),
      JSON.Member("mAcc", number(100 * scores.meanAccuracy)),
      JSON.Member("aAcc", number(100 * scores.pixelAccuracy)),
    ])
  }

  private static func number(_ percent: Double) -> JSON { .number(percent, decimals: 4) }
}
