import ArgumentParser
import Core
import Viz

/// `hfgd lens what-if MODEL`: what other class tokens would predict.
struct LensWhatIf: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-if",
    abstract: "Change the class tokens, and see what that does to predictions and IoU.",
    usage: "hfgd lens what-if <model> (<image> ... | --data <data>) [<options>]",
    discussion: """
      Only the last layer changes: logits are (features · tokens + bias + the
      biases given) / temperature. Masked classes are never predicted. Classes that
      are merged count as one, in the labels and, beside it, by the sum of their
      probabilities, which can prefer them where neither is the most likely. --save
      writes a checkpoint that predicts so.

      EXAMPLES
        hfgd lens what-if model.safetensors --data camvid --bias Pole=0.5
        hfgd lens what-if model.safetensors street.jpg --mask Fence -o what-if.png
        hfgd lens what-if a.safetensors --data camvid --tokens-of b.safetensors
        hfgd lens what-if a.safetensors --data camvid --merge Pole+SignSymbol=Post
        hfgd lens what-if a.safetensors --bias Pole=0.5 --save b.safetensors
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(help: "PNG or JPEG pictures.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var images: [String] = []

  @OptionGroup var editing: TokenEditOptions

  @Option(
    name: .long, help: "The label map of the one picture, a PNG of class numbers.",
    completion: .file(extensions: ["png"]))
  var truth: String?

  @Option(
    name: .long, help: "All images of a data set, a folder or tar archive.",
    completion: .directory)
  var data: String?

  @OptionGroup var dataOptions: DataSetOptions

  @Option(
    name: .long, help: "Write a checkpoint with the edited tokens.",
    completion: .file(extensions: ["safetensors"]))
  var save: String?

  @Option(
    name: .long, help: "Write the picture's features, float32 [D, h, w] on the network's grid.",
    completion: .file(extensions: ["npy"]))
  var npy: String?

  @OptionGroup var files: LensOutput
  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  mutating func validate() throws {
    guard images.isEmpty || data == nil else {
      throw ValidationError("Give pictures, or a data set with --data.")
    }
    guard !images.isEmpty || data != nil || save != nil else {
      throw ValidationError("Give pictures, a data set with --data, or a file with --save.")
    }
    if (truth != nil || npy != nil || files.output != nil) && images.count != 1 {
      throw ValidationError("--truth, --npy and --output go with one picture.")
    }
  }

  func run() throws {
    let model = try modelOptions.load(threads: threads.budget)
    let configuration = model.configuration
    let stride = try stage.outputStride(of: configuration)
    guard configuration.decoder == nil else {
      throw CommandFailure(
        .usage,
        "\(configuration.name) makes masks, which no class tokens change; give a model with tokens")
    }
    let tokens = model.classTokens
    let edit = try editing.edit(configuration.classes)
    let other = try editing.otherTokens(for: tokens, random: modelOptions.random)
    if let save { try write(edit, edit.tokens(of: tokens, other: other), to: save) }
    guard !images.isEmpty || data != nil else { return }
    let segmenter = Segmenter(model, threads: threads.budget)
    let images = try lensImages(configuration)
    var result = WhatIfReport(
      model: configuration.name, outputStride: stride, classes: configuration.classes,
      ignoreIndex: images.ignoreIndex, edit: edit, other: editing.tokensOf)
    let interrupt = Interrupt()
    /// What there is to write of the one picture.
    var only: (picture: Picture, map: FeatureMap, labels: LabelMap, edited: EditedPrediction)?
    let failures = try images.forEach(
      fitting: segmenter, outputStride: stride, isQuiet: report.quiet, interrupt
    ) {
      (name, picture, truth) throws(Cancelled) in
      let (map, labels) = try segmenter.featuresAndLabels(
        of: picture, outputStride: stride, isCancelled: { interrupt.isRequested })
      let edited = edit.prediction(from: map, tokens: tokens, other: other, threads: threads.budget)
      result.add(name, labels, edited, truth: truth)
      only = (picture, map, labels, edited)
    }
    if let only {
      if let npy { try LensOutput.write(npy: only.map.features, to: npy) }
      try files.write(figure(only.picture, only.labels, only.edited, edit, configuration))
    }
    try StandardOutput.print(report.json ? result.json.text : result.text)
    try images.check(failures: failures)
  }

  private func lensImages(_ configuration: ModelConfiguration) throws -> LensImages {
    guard let data else {
      return LensImages(pictures: images, truth: truth, ignoreIndex: configuration.ignoreIndex)
    }
    return LensImages(
      try dataOptions.open(data, classes: configuration.classTable, needsLabels: false))
  }

  /// The checkpoint with its tokens edited; merged classes cannot be told by tokens.
  private func write(_ edit: TokenEdit, _ tokens: ClassTokens, to path: String) throws {
    guard case .checkpoint(let checkpoint) = try modelOptions.source() else {
      throw CommandFailure(
        .usage, "\(modelOptions.model) is a preset; --save edits the file of a checkpoint")
    }
    if let message = edit.unsaved, !report.quiet { StandardError.print("hfgd: note: \(message)") }
    let note = edit.json(checkpoint.configuration.classes, other: editing.tokensOf)
    do {
      try AtomicFile.write(checkpoint.encoded(with: tokens, note: note), to: path)
    } catch let failure as CheckpointFailure {
      throw CommandFailure(failure)
    } catch {
      throw CommandFailure(.someInputsFailed, "\(error)")
    }
  }

  private func figure(
    _ picture: Picture, _ labels: LabelMap, _ edited: EditedPrediction, _ edit: TokenEdit,
    _ configuration: ModelConfiguration
  ) -> FigureSheet {
    let palette = configuration.palette
    func overlaid(_ labels: LabelMap) -> Picture {
      picture.overlaid(with: labels, palette: palette, opacity: 0.6)
    }
    let before = edit.groups.merging(labels)
    let isMerged = !edit.groups.isTrivial
    let shown = [before, edited.merged] + (isMerged ? [edited.summed] : [])
    var panels = zip(shown, ["before", "after", "after, probabilities summed"]).map {
      FigureSheet.Panel(overlaid($0), caption: $1)
    }
    panels.append(
      FigureSheet.Panel(
        picture.marking(edited.merged, whereTheyDifferFrom: before, palette: palette),
        caption: "what changed, in its new class"))
    let areas = shown.map { $0.areas(classes: configuration.classes.count) }
    let legend = configuration.classes.indices.filter { k in areas.contains { $0[k] > 0 } }.map {
      FigureSheet.LegendEntry(palette[$0], edit.groups.name(of: $0, configuration.classes))
    }
    return FigureSheet(
      title: "\(images[0].fileName.printable), \(configuration.name)", panels: panels,
      legend: legend)
  }
}

extension TokenEdit {
  /// What a checkpoint cannot hold of the edit; `nil` where it holds all.
  var unsaved: String? {
    groups.isTrivial
      ? nil : "merged classes are not saved: a checkpoint has a token for each class"
  }
}
