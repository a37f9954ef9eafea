import ArgumentParser
import Core

/// `hfgd inspect MODEL`: what a checkpoint or preset holds and costs.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a model's configuration, size and cost.",
    usage: "hfgd inspect <model> [<options>]",
    discussion: """
      A checkpoint is checked as a whole: every tensor must fit and none may be
      left over. Multiply-accumulates (MACs) are given in 10⁹ and in 2³⁰, the unit
      of the paper's tables. A preset needs no weights here.

      EXAMPLES
        hfgd inspect model.safetensors
        hfgd inspect hfgd-resnet50_beta-os2 --size 1025x2049
        hfgd inspect model.safetensors --tensors --json
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(name: .long, help: "The picture's size that MACs are counted for, WxH.")
  var size = Size(width: 513, height: 513)

  @Flag(name: .long, help: "List every tensor.")
  var tensors = false

  @OptionGroup var stage: StageOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let source = try modelOptions.source()
    var checkpoint: Checkpoint?
    if case .checkpoint(let file) = source {
      _ = try modelOptions.load(threads: Threads(1))
      checkpoint = file
      for note in file.file.notes where !report.quiet {
        StandardError.print("hfgd: note: \("\(note)".printable)")
      }
    }
    let configuration = source.configuration
    let stride = try stage.outputStride(of: configuration)
    let summary = ModelSummary(
      configuration, width: size.width, height: size.height, outputStride: stride,
      threads: Threads(1))
    let inspection = Inspection(
      model: modelOptions.model, configuration: configuration, checkpoint: checkpoint,
      summary: summary, outputStride: stride, size: size, listsTensors: tensors)
    try StandardOutput.print(report.json ? inspection.json.text : inspection.text)
  }
}
