import Core

/// How a run of a table ended.
struct MatrixOutcome: Equatable {
  /// Mean IoU in percent at the last validation and at the best one; `nil` where the run diverged.
  var last, best: Double?
  /// Whether its numbers were no longer finite.
  var isDiverged = false
  /// What its steps took, in seconds.
  var seconds: Double?
  /// IoU in percent by class, at the finest output stride of the last validation.
  var classes: JSON?
}

extension MatrixOutcome {
  /// What the log of the run in `folder` says, which has made all of its `steps` steps.
  init(of folder: RunFolder, steps: Int) throws(CommandFailure) {
    let log = try Self.log(of: folder)
    let validations = log.filter { $0["event"]?.string == "validation" }
    guard let last = validations.last, last["step"]?.int == steps else {
      throw CommandFailure(
        .someInputsFailed,
        "the run in \(folder.path) is over, but its log has no validation after step \(steps), "
          + "the last one; remove that folder, and the same command trains it anew")
    }
    guard let score = last["mIoU"]?.double else {
      throw CommandFailure(
        .dataSet,
        "the validation of the run in \(folder.path) has counted no pixel; "
          + "give a part with labels of its classes as val_split")
    }
    self.init(
      last: score, best: validations.compactMap { $0["mIoU"]?.double }.max(),
      seconds: Self.seconds(log), classes: last["stages"]?.array?.last?["IoU"])
  }

  /// What is known of the run in `folder`, which diverged.
  init(divergedIn folder: RunFolder) {
    self.init(isDiverged: true, seconds: (try? Self.log(of: folder)).map(Self.seconds))
  }

  private static func log(of folder: RunFolder) throws(CommandFailure) -> [JSON] {
    do throws(FileFailure) { return try RunLog.lines(of: folder) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
  }

  /// The sum over the steps; each stands in the log once, however often the run was interrupted.
  private static func seconds(_ log: [JSON]) -> Double {
    log.filter { $0["event"]?.string == "step" }.reduce(0) { $0 + ($1["seconds"]?.double ?? 0) }
  }
}

extension MatrixOutcome {
  /// What a line of results says; `nil` where it has no mean IoU although the run did not diverge.
  init?(_ line: JSON) {
    let isDiverged = line["diverged"]?.bool ?? false
    let last = line["mIoU"]?.double
    guard isDiverged || last != nil else { return nil }
    self.init(
      last: last, best: line["best"]?.double, isDiverged: isDiverged,
      seconds: line["seconds"]?.double,
      classes: line["classes"].flatMap { $0 == .null ? nil : $0 })
  }

  /// The members of a line of results that tell of it.
  var members: [JSON.Member] {
    [
      JSON.Member("mIoU", last.json), JSON.Member("best", best.json),
      JSON.Member("seconds", seconds.map { .number($0, decimals: 1) } ?? .null),
      JSON.Member("version", .string(HFGD.version)), JSON.Member("classes", classes ?? .null),
      JSON.Member("diverged", .bool(isDiverged)),
    ]
  }
}

extension Double? {
  /// A percentage with four decimals, or null.
  var json: JSON { map { .number($0, decimals: 4) } ?? .null }
}
