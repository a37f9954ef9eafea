import Core
import Viz

/// What an edit of the class tokens changes in the predictions of some images.
struct WhatIfReport {
  /// What was found in one image.
  struct Image {
    let name: String
    let width, height: Int
    /// Pixels whose class is another one, before any are merged.
    let changed: Int
  }

  let model: String
  let outputStride: Int
  let classes: [String]
  /// The label that is not counted.
  let ignoreIndex: Int
  let edit: TokenEdit
  /// Where swapped tokens come from.
  let other: String?
  private(set) var images: [Image] = []
  /// Counts of the images that have labels: as the model predicts, and edited, before any classes are merged; and edited
  /// and merged by the sums of probabilities.
  private var before, after, summed: ConfusionMatrix
  private var hasTruth = false

  init(
    model: String, outputStride: Int, classes: [String], ignoreIndex: Int, edit: TokenEdit,
    other: String?
  ) {
    self.model = model
    self.outputStride = outputStride
    self.classes = classes
    self.ignoreIndex = ignoreIndex
    self.edit = edit
    self.other = other
    before = ConfusionMatrix(classes: classes.count)
    after = before
    summed = before
  }

  /// Adds an image: what was predicted of it, what is with the edit, and its labels where it has some.
  mutating func add(
    _ name: String, _ labels: LabelMap, _ edited: EditedPrediction, truth: LabelMap?
  ) {
    let changed = zip(labels.values, edited.labels.values).count { $0 != $1 }
    images.append(
      Image(name: name, width: labels.width, height: labels.height, changed: changed))
    guard let truth else { return }
    hasTruth = true
    before.add(prediction: labels, truth: truth, ignoreIndex: ignoreIndex)
    after.add(prediction: edited.labels, truth: truth, ignoreIndex: ignoreIndex)
    summed.add(
      prediction: edited.summed, truth: edit.groups.merging(truth), ignoreIndex: ignoreIndex)
  }

  private var pixels: Int { images.reduce(0) { $0 + $1.width * $1.height } }
  private var changed: Int { images.reduce(0) { $0 + $1.changed } }

  /// The counts to compare, in the classes that are left.
  private var columns: [(name: String, key: String, counts: ConfusionMatrix)] {
    let groups = edit.groups
    return [
      ("before", "before", before.merging(groups)), ("after", "after", after.merging(groups)),
    ] + (groups.isTrivial ? [] : [("after, summed", "after_summed", summed)])
  }

  private var rows: [Int] {
    classes.indices.filter { edit.groups.representatives[$0] == $0 }
  }

  /// A line for everything, a table of the classes.
  var text: String {
    let share = (100 * Double(changed) / Double(max(1, pixels))).formatted(decimals: 2)
    var lines = [
      "\(model), OS \(outputStride), \(images.count.counted("image")): \(share) % of the pixels change class"
    ]
    guard hasTruth else { return lines[0] }
    if !edit.groups.isTrivial {
      lines.append(
        "mIoU of all \(classes.count) classes: \(percent(before.meanIoU)) before, \(percent(after.meanIoU)) after; below, classes are merged"
      )
    }
    let columns = columns
    var table = TextTable(["IoU"] + columns.map(\.name) + ["change"])
    func row(_ name: String, _ value: (ConfusionMatrix) -> Double) -> [String] {
      let values = columns.map { value($0.counts) }
      return [name] + values.map(percent) + [signed(100 * (values[1] - values[0]))]
    }
    for k in rows {
      table.add(row(edit.groups.name(of: k, classes).printable) { $0.iou(k) })
    }
    table.add(row("mIoU", \.meanIoU))
    return lines.joined(separator: "\n") + "\n\n" + table.text
  }

  private func percent(_ share: Double) -> String { (100 * share).formatted(decimals: 2) }

  private func signed(_ value: Double) -> String {
    // Rounded first: neither "+0.00" nor "-0.00".
    let rounded = (100 * value).rounded() / 100
    return (rounded > 0 ? "+" : "") + (rounded == 0 ? 0 : rounded).formatted(decimals: 2)
  }

  /// `hfgd.lens.what-if/1`.
  var json: JSON {
    func integer(_ value: UInt64) -> JSON { .number("\(value)") }
    func counts(_ counts: ConfusionMatrix, _ rows: [Int], _ groups: ClassGroups) -> JSON {
      .object([
        JSON.Member("mIoU", .number(100 * counts.meanIoU, decimals: 4)),
        JSON.Member(
          "classes",
          .array(
            rows.map { k in
              .object([
                JSON.Member("class", .string(groups.name(of: k, classes))),
                JSON.Member("IoU", .number(100 * counts.iou(k), decimals: 4)),
                JSON.Member("intersection", integer(counts.intersection(k))),
                JSON.Member("truth", integer(counts.truth(k))),
                JSON.Member("predicted", integer(counts.predicted(k))),
              ])
            })),
      ])
    }
    let unmerged = ClassGroups(count: classes.count)
    var members = [
      JSON.Member("model", .string(model)),
      JSON.Member("output_stride", .number("\(outputStride)")),
      JSON.Member("class_names", .array(classes.map { .string($0) })),
      JSON.Member("ignore_index", .number("\(ignoreIndex)")),
      JSON.Member("edit", edit.json(classes, other: other)),
      JSON.Member("pixels", .number("\(pixels)")),
      JSON.Member("changed", .number("\(changed)")),
      JSON.Member(
        "images",
        .array(
          images.map { image in
            .object([
              JSON.Member("image", .string(image.name)),
              JSON.Member("width", .number("\(image.width)")),
              JSON.Member("height", .number("\(image.height)")),
              JSON.Member("changed", .number("\(image.changed)")),
            ])
          })),
    ]
    if hasTruth {
      if !edit.groups.isTrivial {
        members += [("before_unmerged", before), ("after_unmerged", after)].map {
          JSON.Member($0.0, counts($0.1, Array(classes.indices), unmerged))
        }
      }
      members += columns.map { JSON.Member($0.key, counts($0.counts, rows, edit.groups)) }
    }
    return .report("lens.what-if", members)
  }
}
