/// The log of a run: a line of JSON per step and per validation, whatever interruptions there were.
///
/// While it is open no other process can open it, so a folder has one trainer at a time.
public final class RunLog {
  private let journal: Journal

  /// Opens the log of the run in `folder`, or begins it.
  public init(_ folder: RunFolder) throws(FileFailure) {
    journal = try Journal(path: folder.log, beginning: "{\"event\": ")
  }

  /// Drops what was written after `step` updates, and validations after the one of `validated`: the run goes on there.
  public func rewind(toStep step: Int, validated: Int) throws(FileFailure) {
    try journal.keep(while: { line in
      guard let json = try? JSON(line), let at = json["step"]?.int else { return false }
      return at <= (json["event"]?.string == "validation" ? validated : step)
    })
  }

  /// Adds the line of a step or a validation.
  public func append(_ line: JSON) throws(FileFailure) { try journal.append(line.line) }

  /// The lines of the run in `folder`, oldest first; half a line at the end does not count.
  public static func lines(of folder: RunFolder) throws(FileFailure) -> [JSON] {
    let bytes = try FileBytes.read(folder.log, maxBytes: 1 << 30)
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSON(utf8: Array($0)) }
  }
}

extension TrainingReport {
  /// The line of a log; `nil` for reports that have none.
  public func logLine(classes: [String]) -> JSON? {
    switch self {
    case .step(let step): step.json
    case .validated(let validation, let isBest): validation.json(classes: classes, isBest: isBest)
    case .validating, .saved: nil
    }
  }
}

extension StepReport {
  fileprivate var json: JSON {
    .object([
      JSON.Member("event", .string("step")), JSON.Member("step", .int(step)),
      JSON.Member("loss", .finite(loss)),
      JSON.Member(
        "terms", .object(terms.map { JSON.Member($0.name, .finite($0.value)) })),
      JSON.Member("learning_rate", .finite(learningRate)),
      JSON.Member(
        "gradient_norms", .object(gradientNorms.map { JSON.Member($0.branch, .finite($0.value)) })),
      JSON.Member("seconds", .number(seconds, decimals: 4)),
    ])
  }
}

extension Validation {
  /// Percent; a class that does not occur has null.
  fileprivate func json(classes: [String], isBest: Bool) -> JSON {
    .object([
      JSON.Member("event", .string("validation")), JSON.Member("step", .int(step)),
      JSON.Member("mIoU", .number(meanIoU, decimals: 4)), JSON.Member("best", .bool(isBest)),
      JSON.Member(
        "stages",
        .array(
          stages.map { stage in
            .object([
              JSON.Member("output_stride", .int(stage.outputStride)),
              JSON.Member("mIoU", .number(stage.meanIoU, decimals: 4)),
              JSON.Member(
                "IoU",
                .object(
                  classes.enumerated().map {
                    JSON.Member($1, .number(100 * stage.counts.iou($0), decimals: 4))
                  })),
            ])
          })),
    ])
  }
}

extension JSON {
  /// The shortest number that is `value`; null where it is not finite.
  fileprivate static func finite(_ value: some BinaryFloatingPoint) -> JSON {
    value.isFinite ? .number("\(value)") : .null
  }
}
