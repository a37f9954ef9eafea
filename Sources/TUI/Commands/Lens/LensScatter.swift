import ArgumentParser
import Core
import Foundation
import Viz

/// `hfgd lens scatter MODEL… --data DIR`: features of several classes in a plane.
struct LensScatter: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scatter",
    abstract: "Lay features of pixels of some classes out in a plane.",
    usage: "hfgd lens scatter <models> ... --data <data> [<options>]",
    discussion: """
      As in the paper's Fig. 4: up to 2000 pixels of each class, spread evenly over
      the images, laid out by UMAP (15 neighbours, minimum distance 0.1) or by the
      first two principal components. All models are asked about the same pixels.
      How many of a pixel's 14 nearest neighbours are of its class is said besides:
      it is measured in the features' own space.

      EXAMPLES
        hfgd lens scatter a.safetensors b.safetensors --data camvid -o scatter.png
        hfgd lens scatter a.safetensors --data camvid --split val \\
          --classes Road,Pavement,Fence,Wall --method pca
        hfgd lens scatter a.safetensors --data camvid --os 32 --json
      """)

  @Argument(
    help: "Checkpoints, or presets with --random.",
    completion: .file(extensions: ["safetensors"]))
  var models: [String]

  @Option(
    name: .long, help: "A data set as a folder or tar archive, or - for a list on stdin.",
    completion: .directory)
  var data: String

  @OptionGroup var dataOptions: DataSetOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Names or numbers of classes, separated by commas (default: all).", valueName: "classes"))
  var classes: String?

  @Option(name: .long, help: "umap or pca.")
  var method = FeatureLayout.Method.umap

  @Option(
    name: .long,
    help: "The most pixels of a class (default: 2000, fewer where there are many classes).")
  var perClass: Int?

  @Option(name: .long, help: "Take this many images, evenly over the split (default: all).")
  var images: Int?

  @Option(name: .long, help: "What the choice of pixels and UMAP's chance follow from.")
  var seed: UInt64 = 1

  @Option(name: .long, help: "Give presets the random weights of this seed.")
  var random: UInt64?

  @Option(name: .long, help: "Colours: auto, always or never.")
  var color: ColourDepth.Choice = .auto

  @OptionGroup var files: LensOutput
  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  /// The most points where the number of a class is not given: UMAP takes a minute of them.
  private static let usualPoints = 20_000, usualPerClass = 2000

  mutating func validate() throws {
    guard (1...8).contains(models.count) else {
      throw ValidationError("Give one to eight models, not \(models.count).")
    }
    for (name, value) in [("--per-class", perClass), ("--images", images)] {
      if let value, !(1...100_000).contains(value) {
        throw ValidationError("\(name) is from 1 to 100000, not \(value).")
      }
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    let segmenters = try models.map { name in
      Segmenter(
        try ModelReference(name: name, seed: random).load(threads: threads.budget),
        threads: threads.budget)
    }
    let strides = try segmenters.map { try stage.outputStride(of: $0.model.configuration) }
    let dataSet = try dataOptions.open(data, classes: segmenters[0].model.configuration.classTable)
    guard let table = dataSet.classes else {
      throw CommandFailure(
        .dataSet, "\(data): nothing names the classes; add a classes.txt, a name on each line")
    }
    let chosen = try chosenClasses(table)
    let sampling = ClassSampling(
      // The finest grid has the most pixels of small classes; coarser ones are read between their cells.
      stride: strides.min() ?? 4, classes: chosen,
      perClass: perClass ?? min(Self.usualPerClass, max(1, Self.usualPoints / chosen.count)),
      seed: seed)
    var scatter = FeatureScatter(
      of: taken(of: dataSet.samples), models: models.count, sampling: sampling)
    do {
      try collect(&scatter, segmenters, strides, interrupt)
      guard !scatter.points.isEmpty else {
        throw CommandFailure(.dataSet, nothingFound(scatter, in: dataSet))
      }
      let panels = try layouts(of: scatter, segmenters, strides, interrupt)
      try tell(
        ScatterReport(
          scatter: scatter, classes: table, method: method, seed: seed,
          dataSet: "\(data.fileName) \(dataSet.split)", panels: panels))
    } catch is Cancelled {
      throw CommandFailure(.interrupted, "")
    }
    if !scatter.failures.isEmpty {
      throw CommandFailure(
        .someInputsFailed,
        "\(scatter.failures.count) of \(scatter.images.count.counted("image")) failed")
    }
  }

  /// The classes that are meant, in the order in which they are named.
  private func chosenClasses(_ table: ClassTable) throws -> [Int] {
    guard let classes else { return Array(table.names.indices) }
    var chosen: [Int] = []
    for name in classes.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      guard let found = table.names.classIndex(name) else {
        throw CommandFailure(
          .usage,
          "--classes: there is no class \(name); there are \(table.names.joined(separator: ", "))")
      }
      if !chosen.contains(found) { chosen.append(found) }
    }
    guard !chosen.isEmpty else {
      throw CommandFailure(.usage, "--classes is a list such as \(table.names[0]),1")
    }
    return chosen
  }

  /// As many images as are wanted, at even distances.
  private func taken(of samples: [Sample]) -> [Sample] {
    guard let images, images < samples.count else { return samples }
    return (0..<images).map { samples[$0 * samples.count / images] }
  }

  /// Counts the labels of all images, then takes the features of those that give pixels.
  private func collect(
    _ scatter: inout FeatureScatter, _ segmenters: [Segmenter], _ strides: [Int],
    _ interrupt: Interrupt
  ) throws {
    while scatter.counted < scatter.images.count {
      if interrupt.isRequested { throw Cancelled() }
      scatter.countNext()
    }
    var told = 0
    let wanted = scatter.wanted
    var progress = Progress(total: wanted.count, isQuiet: report.quiet)
    func tellFailures() {
      for failure in scatter.failures[told...] {
        progress.interrupt(with: "hfgd: \(failure.printable)")
      }
      told = scatter.failures.count
    }
    tellFailures()
    let images = scatter.images
    for image in wanted {
      try scatter.take(image) { model, picture in
        do throws(TooLittleMemory) {
          try segmenters[model].checkMemory(
            width: picture.width, height: picture.height, outputStride: strides[model])
        } catch {
          throw CommandFailure(
            .someInputsFailed, "\(images[image].image.path): \(error)")
        }
        return try segmenters[model].features(of: picture, outputStride: strides[model]) {
          interrupt.isRequested
        }
      }
      tellFailures()
      progress.advance(images[image].name)
    }
    progress.finish()
  }

  private func layouts(
    of scatter: FeatureScatter, _ segmenters: [Segmenter], _ strides: [Int],
    _ interrupt: Interrupt
  ) throws -> [ScatterReport.Panel] {
    try zip(zip(segmenters, strides), scatter.features).compactMap { model, points in
      let name = model.0.model.configuration.name
      var progress = ShareProgress("\(method.name) of \(name)", isQuiet: report.quiet)
      guard let points else { return nil }
      let layout = try FeatureLayout(
        of: points, classes: scatter.classPlaces, classCount: scatter.sampling.classes.count,
        method: method, seed: seed, threads: threads.budget, progress: { progress.show($0) },
        isCancelled: { interrupt.isRequested })
      progress.finish()
      return ScatterReport.Panel(model: name, outputStride: model.1, layout: layout)
    }
  }

  private func tell(_ result: ScatterReport) throws {
    try files.write(result.figure)
    if report.json { return try StandardOutput.print(result.json.text) }
    if report.quiet { return }
    let environment = ProcessInfo.processInfo.environment
    let depth = ColourDepth.detect(
      color, environment: environment, isTerminal: isatty(STDOUT_FILENO) == 1)
    let size = TerminalSize.current(environment: environment)
    try StandardOutput.print(
      result.text(columns: max(40, size.columns), rows: size.rows, depth))
  }

  private func nothingFound(_ scatter: FeatureScatter, in dataSet: DataSet) -> String {
    let failed = scatter.failures.first.map { "; \($0)" } ?? ""
    return
      "\(data): no pixel of the chosen classes in \(dataSet.split)"
      + "\(failed); name other --classes, or labels with --labels"
  }
}

extension FeatureLayout.Method: ExpressibleByArgument {}
