import ArgumentParser
import Core
import Viz

/// `hfgd lens teacher MODEL`: what the upsampler makes of the teacher's prediction.
struct LensTeacher: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "teacher",
    abstract: "Show what a student makes of its teacher's prediction.",
    usage: "hfgd lens teacher <model> (<image> | --data <data>) [<options>]",
    discussion: """
      A guided model predicts twice with one set of class tokens: the teacher at
      output stride 32, the student at 4 or 2. Shown are where they disagree and how
      far (KL divergence from the teacher's probabilities to the student's, in
      nats); with labels, which of the teacher's errors the student fixes and what
      it breaks. The rescue rate is the share of the teacher's wrong pixels that the
      student has right, the damage rate that of its right ones that it has wrong.

      EXAMPLES
        hfgd lens teacher model.safetensors street.jpg -o teacher.png
        hfgd lens teacher model.safetensors street.jpg --truth street_labels.png
        hfgd lens teacher model.safetensors --data camvid --split val
        hfgd lens teacher model.safetensors --data camvid --os 4 --json
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(help: "A PNG or JPEG picture.", completion: .file(extensions: ["png", "jpg", "jpeg"]))
  var image: String?

  @Option(
    name: .long, help: "The picture's label map, a PNG of class numbers.",
    completion: .file(extensions: ["png"]))
  var truth: String?

  @Option(
    name: .long, help: "All images of a data set, a folder or tar archive.",
    completion: .directory)
  var data: String?

  @OptionGroup var dataOptions: DataSetOptions

  @Option(
    name: .long, help: "Write the picture's divergences, float32 [1, H, W].",
    completion: .file(extensions: ["npy"]))
  var npy: String?

  @OptionGroup var files: LensOutput
  @OptionGroup var stage: StageOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  mutating func validate() throws {
    guard (image == nil) != (data == nil) else {
      throw ValidationError("Give one picture, or a data set with --data.")
    }
    if data != nil && (truth != nil || npy != nil || files.output != nil) {
      throw ValidationError("--truth, --npy and --output go with one picture.")
    }
  }

  func run() throws {
    let model = try modelOptions.load(threads: threads.budget)
    let configuration = model.configuration
    guard configuration.isGuided else {
      throw CommandFailure(
        .usage,
        "\(configuration.name) has no teacher and student: give a guided model, such as hfgd-mobilenet_v2-os4"
      )
    }
    let stride = try stage.outputStride(of: configuration)
    guard stride != configuration.teacherStride else {
      throw CommandFailure(
        .usage,
        "--os \(stride) is the teacher itself; give the student's, \(configuration.outputStride)")
    }
    let segmenter = Segmenter(model, threads: threads.budget)
    let interrupt = Interrupt()
    if let image {
      try show(image, segmenter, stride, interrupt)
    } else if let data {
      try count(data, segmenter, stride, interrupt)
    }
  }

  /// One picture.
  private func show(
    _ path: String, _ segmenter: Segmenter, _ stride: Int, _ interrupt: Interrupt
  ) throws {
    let picture = try segmenter.picture(at: path, outputStride: stride)
    var truth: LabelMap?
    if let path = self.truth {
      do throws(ImageFailure) { truth = try ImageFile.readLabels(at: path) } catch {
        throw CommandFailure(.someInputsFailed, error.description)
      }
    }
    if let truth, (truth.width, truth.height) != (picture.width, picture.height) {
      throw CommandFailure(
        .someInputsFailed,
        "\(self.truth ?? "") has \(truth.width)×\(truth.height) pixels, the picture \(picture.width)×\(picture.height); give its own labels"
      )
    }
    let pair: GuidedPair
    do throws(Cancelled) { pair = try guided(picture, segmenter, stride, interrupt) } catch {
      throw CommandFailure(.interrupted, "")
    }
    let finding = GuidanceFinding(path, pair, truth, classes: segmenter.classes)
    if let npy {
      try LensOutput.write(
        npy: Tensor(Shape(h: picture.height, w: picture.width, c: 1), pair.divergence), to: npy)
    }
    try files.write(
      GuidanceFigure(picture, pair, truth, segmenter.model.configuration, stride).sheet(title: path)
    )
    try tell([finding], segmenter.model.configuration, stride)
  }

  /// A data set.
  private func count(
    _ path: String, _ segmenter: Segmenter, _ stride: Int, _ interrupt: Interrupt
  ) throws {
    let configuration = segmenter.model.configuration
    let images = LensImages(
      try dataOptions.open(path, classes: configuration.classTable, needsLabels: false))
    var findings: [GuidanceFinding] = []
    let failures = try images.forEach(
      fitting: segmenter, outputStride: stride, isQuiet: report.quiet, interrupt
    ) {
      (name, picture, truth) throws(Cancelled) in
      let pair = try guided(picture, segmenter, stride, interrupt)
      findings.append(GuidanceFinding(name, pair, truth, classes: segmenter.classes))
    }
    try tell(findings, configuration, stride)
    try images.check(failures: failures)
  }

  /// What teacher and student predict.
  private func guided(
    _ picture: Picture, _ segmenter: Segmenter, _ stride: Int, _ interrupt: Interrupt
  ) throws(Cancelled) -> GuidedPair {
    try segmenter.guidedPair(of: picture, student: stride) { interrupt.isRequested }
  }

  private func tell(
    _ findings: [GuidanceFinding], _ configuration: ModelConfiguration, _ stride: Int
  ) throws {
    let result = GuidanceReport(
      model: configuration.name, outputStride: stride, classes: configuration.classes,
      images: findings)
    if report.json {
      try StandardOutput.print(result.json.text)
    } else {
      try StandardOutput.print(result.text)
    }
  }
}

extension Segmenter {
  fileprivate var classes: Int { model.configuration.classes.count }
}
