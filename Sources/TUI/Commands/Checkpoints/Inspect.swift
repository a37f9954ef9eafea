import ArgumentParser
import Core
import Foundation

/// `hfgd inspect MODEL`: what a checkpoint or preset holds and costs, whether its values are sound, how far it is from another.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what a checkpoint or preset holds and costs, and compare two.",
    usage: "hfgd inspect <model> [<options>]",
    discussion: """
      A checkpoint of a known model is checked as a whole: every tensor must fit and
      none may be left over. Of any file, also one of no known model, every value is
      looked at: NaN and infinities, output channels that are zero, batch norms that
      are not sound. Multiply-accumulates (MACs) are given in 10⁹ and in 2³⁰, the
      unit of the paper's tables. A preset needs no weights here.

      --diff compares with another checkpoint, layer by layer: the relative distance
      ‖a − b‖ / ‖a‖ of all values of a layer, as bars. Of two known models the
      tensors are compared by our names, so a file may be held against its
      conversion.

      EXAMPLES
        hfgd inspect model.safetensors
        hfgd inspect fpn_r50_cityscapes.pth --tensors
        hfgd inspect hfgd-resnet50_beta-os2 --size 1025x2049
        hfgd inspect runs/a/best.safetensors --diff runs/a/last.safetensors
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(name: .long, help: "The picture's size that MACs are counted for, WxH.")
  var size = Size(width: 513, height: 513)

  @Flag(name: .long, help: "List every tensor, with the statistics of its values.")
  var tensors = false

  @Option(
    name: .long,
    help: ArgumentHelp("Compare with this checkpoint.", valueName: "other"),
    completion: .file())
  var diff: String?

  @OptionGroup var stage: StageOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let interrupt = Interrupt()
    guard let file = try modelOptions.reference.file() else {
      guard diff == nil else {
        throw CommandFailure(
          .usage, "\(modelOptions.model) is a preset without weights; --diff compares checkpoints")
      }
      guard case .preset(let preset) = try modelOptions.source() else { return }
      let inspection = try inspection(of: preset, nil)
      try StandardOutput.print(
        report.json ? JSON.report("inspect", inspection.members).text : inspection.text)
      return
    }
    if !report.quiet {
      for note in file.notes { StandardError.print("hfgd: note: \("\(note)".printable)") }
    }
    let contents = ModelContents(file)
    if case .failure(let failure) = contents, failure.isOfKnownModel {
      throw CommandFailure(failure)
    }
    if let diff { return try compare(file, contents, with: diff, interrupt) }

    let model = try contents.checkpoint.map { checkpoint in
      try inspection(of: checkpoint.configuration, checkpoint)
    }
    let health: CheckpointHealth
    do throws(Cancelled) {
      health = try CheckpointHealth(file, isCancelled: { interrupt.isRequested })
    } catch {
      throw CommandFailure(.interrupted, "")
    }
    let checkup = Checkup(file, contents, health, listsTensors: tensors)
    let text = (model.map { [$0.text] } ?? []) + [checkup.text]
    let members = (model?.members ?? [JSON.Member("configuration", .null)]) + checkup.members
    try StandardOutput.print(
      report.json ? JSON.report("inspect", members).text : text.joined(separator: "\n\n"))
    if let failure = contents.mapping?.failure(of: file.path) { throw CommandFailure(failure) }
    if health.findings.contains(where: \.isFatal) {
      throw CommandFailure(
        .checkpoint, "\(file.path) has values that no network can use; save the model again")
    }
  }

  private func inspection(
    of configuration: ModelConfiguration, _ checkpoint: Checkpoint?
  ) throws -> Inspection {
    let stride = try stage.outputStride(of: configuration)
    let summary = ModelSummary(
      configuration, width: size.width, height: size.height, outputStride: stride,
      threads: Threads(1))
    return Inspection(
      model: modelOptions.model, configuration: configuration, checkpoint: checkpoint,
      summary: summary, outputStride: stride, size: size, listsTensors: tensors)
  }

  private func compare(
    _ file: TensorFile, _ contents: ModelContents, with other: String, _ interrupt: Interrupt
  ) throws {
    let second: TensorFile
    do throws(TensorFileFailure) { second = try TensorFile(path: other) } catch {
      throw CommandFailure(.checkpoint, error.description)
    }
    typealias Named = CheckpointDifference.NamedTensor
    let names = [contents, ModelContents(second)].compactMap(\.mapping)
    let difference: CheckpointDifference
    do {
      difference = try CheckpointDifference(
        names.count == 2 ? Named.all(of: names[0]) : Named.all(of: file),
        names.count == 2 ? Named.all(of: names[1]) : Named.all(of: second),
        isCancelled: { interrupt.isRequested })
    } catch is Cancelled {
      throw CommandFailure(.interrupted, "")
    } catch {
      throw CommandFailure(.checkpoint, "\(error)")
    }
    let result = DifferenceReport(file.path, second.path, difference)
    try StandardOutput.print(
      report.json
        ? result.json.text
        : result.text(
          columns: TerminalSize.current(environment: ProcessInfo.processInfo.environment).columns))
  }
}
