import ArgumentParser
import Core

/// `hfgd convert IN OUT`: a checkpoint of any library as one of ours.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a checkpoint of PyTorch, mmsegmentation, timm, … as one of ours.",
    usage: "hfgd convert <in> <out> [<options>]",
    discussion: """
      Reads safetensors (also sharded: name the index or the folder), PyTorch files
      (.pth, .pt, .bin, old and new) and .npz. Nothing in them is ever run. Wrappers
      (state_dict, model, …) and prefixes (module., …) are taken off, and what was
      done is said. Every tensor must find its place, and none may be left over;
      else nothing is written, and the report says what does not fit.

      A backbone of torchvision, timm or transformers becomes a file for
      hfgd train --weights. A file of no known model can be repacked with --raw.

      EXAMPLES
        hfgd convert fpn_r50_512x1024_80k_cityscapes.pth fpn.safetensors
        hfgd convert resnet50-11ad3fa6.pth backbone.safetensors
        hfgd convert weights.npz model.safetensors --as hfgd-mobilenet_v2-os4
        hfgd convert huge.pth huge.safetensors --raw --dtype bf16
      """)

  @Argument(help: "The checkpoint: a file, an index of shards, or a folder with one of these.")
  var input: String

  @Argument(help: "The safetensors file to write.")
  var output: String

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "What the tensors make, where the file does not say: a preset (see hfgd models).",
      valueName: "preset"))
  var preset: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Whose classes the model tells apart, with --as: a kind of data set, such as camvid (default: as many as there are tokens).",
      valueName: "kind"))
  var classes: String?

  @Option(
    name: .long,
    help: """
      Store kernels and tokens as f32, f16 or bf16 (default: as they are; what is joined,
      rearranged or of 64 bits, as f32).
      """)
  var dtype: StoredType?

  @Flag(name: .long, help: "Take the moving average of the weights (EMA) where the file has one.")
  var ema = false

  @Flag(name: .long, help: "Keep the tensors and their names as they are.")
  var raw = false

  @OptionGroup var report: ReportOptions

  mutating func validate() throws {
    if classes != nil && preset == nil { throw ValidationError("--classes goes with --as.") }
    if raw && preset != nil {
      throw ValidationError("--raw keeps names as they are; leave --as out.")
    }
    if let preset, ModelConfiguration.preset(named: preset) == nil {
      throw ValidationError("\(preset.printable) is no preset; hfgd models lists them.")
    }
    if let classes, Self.kinds[classes] == nil {
      let names = Self.kinds.keys.sorted().joined(separator: ", ")
      throw ValidationError("\(classes.printable) is none of the kinds with classes: \(names).")
    }
  }

  /// The classes of the kinds of data sets that have their own, by the kinds' names.
  private static let kinds = Dictionary(
    uniqueKeysWithValues: DataSetKind.all.compactMap { kind in
      kind.classes.map { (kind.name, $0) }
    })

  func run() throws {
    let interrupt = Interrupt()
    let file: TensorFile
    do throws(TensorFileFailure) {
      file = try TensorFile(path: input, ema ? .average : .trained)
    } catch {
      throw CommandFailure(.checkpoint, error.description)
    }
    let fit: ConversionReport
    let conversion: CheckpointConversion
    do throws(CheckpointFailure) {
      conversion = try self.conversion(of: file)
      fit = ConversionReport(file, conversion, output: output)
    } catch {
      if report.json { try StandardOutput.print(ConversionReport.failure(file, error).text) }
      throw CommandFailure(error)
    }
    if !report.quiet {
      for note in file.notes { StandardError.print("hfgd: note: \("\(note)".printable)") }
    }
    var progress = ByteProgress(total: conversion.byteCount, isQuiet: report.quiet)
    do {
      try conversion.write(
        to: output, progress: { progress.advance(to: $0) },
        isCancelled: { interrupt.isRequested })
    } catch is Cancelled {
      progress.finish()
      throw CommandFailure(.interrupted, "nothing was written")
    } catch let failure as CheckpointFailure {
      progress.finish()
      throw CommandFailure(failure)
    } catch {
      progress.finish()
      throw CommandFailure(.someInputsFailed, "\(error)")
    }
    progress.finish()
    try StandardOutput.print(report.json ? fit.json.text : fit.text)
  }

  private func conversion(of file: TensorFile) throws(CheckpointFailure) -> CheckpointConversion {
    if raw { return CheckpointConversion(file, as: dtype?.dtype) }
    if let preset = preset.flatMap(ModelConfiguration.preset(named:)) {
      return try CheckpointConversion(checkpoint(file, preset), as: dtype?.dtype)
    }
    do {
      return try CheckpointConversion(Checkpoint(file), as: dtype?.dtype)
    } catch {
      guard case .backboneAlone = error, let fit = BackboneFit(file) else { throw error }
      return try CheckpointConversion(fit, of: file, as: dtype?.dtype)
    }
  }

  /// The tensors of `file` as those of a preset, with the classes that are asked for or as many as there are tokens.
  private func checkpoint(_ file: TensorFile, _ preset: ModelConfiguration) -> Checkpoint {
    var configuration = preset
    let count = file["tokens.weight"]?.shape.first ?? preset.classes.count
    let isOther = count != preset.classes.count && ModelConfiguration.classRange ~= count
    let table = classes.flatMap { Self.kinds[$0] }
    if let table = table ?? (isOther ? file.facts.classTable(count: count) : nil) {
      configuration.classes = table.names
      configuration.palette = table.palette
      configuration.ignoreIndex = table.ignoreIndex
    }
    let name = file.path.fileName
    configuration.name = name.printable == name ? name : preset.name
    return Checkpoint(file, as: configuration)
  }
}

/// A type that kernels can be stored as.
enum StoredType: String, CaseIterable, ExpressibleByArgument {
  case f32, f16, bf16

  /// The type in a file.
  var dtype: DType {
    switch self {
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    }
  }
}
