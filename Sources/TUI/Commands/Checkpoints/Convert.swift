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
      "Whose classes the model tells apart, with --as: a kind of data set, such as camvid.",
      valueName: "kind"))
  var classes: String?

  @Option(name: .long, help: "Store kernels and tokens as f32, f16 or bf16 (default: as they are).")
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
  }

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
    } catch {
      progress.finish()
      throw CommandFailure(.someInputsFailed, "\(error)")
    }
    progress.finish()
    try StandardOutput.print(report.json ? fit.json.text : fit.text)
  }

  private func conversion(of file: TensorFile) throws(CheckpointFailure) -> CheckpointConversion {
    if raw { return CheckpointConversion(file, as: dtype?.dtype) }
    if let preset { return try CheckpointConversion(checkpoint(file, preset), as: dtype?.dtype) }
    do {
      return try CheckpointConversion(Checkpoint(file), as: dtype?.dtype)
    } catch {
      guard case .backboneAlone = error, let fit = BackboneFit(file) else { throw error }
      return try CheckpointConversion(fit, of: file, as: dtype?.dtype)
    }
  }

  /// The tensors of `file` as those of a preset, with the number of classes that the tokens have.
  private func checkpoint(
    _ file: TensorFile, _ name: String
  ) throws(CheckpointFailure) -> Checkpoint {
    guard var configuration = ModelConfiguration.preset(named: name) else {
      throw .badConfiguration(
        path: file.path, problems: ["\(name) is no preset; hfgd models lists them"])
    }
    if let classes {
      guard let kind = DataSetKind.all.first(where: { $0.name == classes }),
        let table = kind.classes
      else {
        let names = DataSetKind.all.filter { $0.classes != nil }.map(\.name)
        throw .badConfiguration(
          path: file.path,
          problems: ["\(classes) is none of \(names.joined(separator: ", "))"])
      }
      configuration.classes = table.names
      configuration.palette = table.palette
      configuration.ignoreIndex = table.ignoreIndex
    }
    configuration.name = file.path.fileName
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
