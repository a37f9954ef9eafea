/// A model made ready to segment pictures: it plans a program per picture size and keeps the memory between pictures.
///
/// A picture of any size is normalised, padded at the right and bottom with zeros as the model's own rules say (to the
/// smallest 32k + 1 that holds each side, but for mmsegmentation's models), run, its logits resized to the padded size and
/// cut to the picture. Not for use from two threads at once.
public final class Segmenter {
  /// The model.
  public let model: SegmentationModel
  /// How many threads a run may use.
  public let threads: Threads
  /// The parts that the model is run without.
  public let ablation: Ablation
  /// Bytes of the activations of earlier runs, which the next ones write over.
  public private(set) var keptBytes = 0
  private let arena = Arena()
  private var programs: [ProgramKey: Program] = [:]

  /// Something that a run can hand out.
  public enum Output: Sendable, Hashable {
    /// The class scores.
    case logits(outputStride: Int)
    /// What the class tokens are multiplied with to give them.
    case features(outputStride: Int)
    /// What an attention layer of the model reads.
    case attended(AttentionLayer)
    /// Where the class of each query is, before the sigmoid, `[1, h/16, w/16, K]`; of a decoder of masks.
    case masks
    /// What each query's mask shows, `[1, 1, K, classes + 1]`, nothing last; of a decoder of masks.
    case maskClasses
  }

  private struct ProgramKey: Hashable {
    let height, width: Int
    let outputs: [Output]
  }

  /// A folder of pictures has few sizes, each perhaps at six scales; more programs are not worth their memory.
  private static let programLimit = 64

  /// A segmenter of `model`, run without the parts of `ablation`, that works with `threads`.
  public init(_ model: SegmentationModel, threads: Threads, without ablation: Ablation = []) {
    self.model = model
    self.ablation = ablation
    self.threads = threads
  }

  /// The smallest 32k + 1 that is not less than `size`, the grid on which every level is a whole number of pixels.
  public static func paddedExtent(_ size: Int) -> Int { (max(size, 1) + 30) / 32 * 32 + 1 }

  /// The program that computes the logits at `outputStrides` of a picture, after its padding.
  public func program(width: Int, height: Int, outputStrides: [Int]) -> Program {
    program(width: width, height: height, outputs: outputStrides.map { .logits(outputStride: $0) })
  }

  /// The program that computes `outputs` of a picture, after its padding; strides that the model has not trap.
  public func program(width: Int, height: Int, outputs: [Output]) -> Program {
    let frame = frame(width: width, height: height)
    return program(inputHeight: frame.height, inputWidth: frame.width, outputs: outputs)
  }

  /// The program that computes `outputs` of a network's input of this size, which may be any.
  func program(inputHeight: Int, inputWidth: Int, outputs: [Output]) -> Program {
    let key = ProgramKey(height: inputHeight, width: inputWidth, outputs: outputs)
    if let program = programs[key] { return program }
    let image = Trace().input(Shape(h: key.height, w: key.width, c: 3))
    let prediction = model(image, without: ablation)
    func stage(_ outputStride: Int) -> Prediction.Stage {
      guard let stage = prediction[outputStride] else {
        preconditionFailure(
          "\(model.configuration.name) has output strides \(model.configuration.outputStrides), not \(outputStride)"
        )
      }
      return stage
    }
    func attended(_ layer: AttentionLayer) -> Value {
      let value =
        switch layer {
        case .context: prediction.attended
        case .axial(let stride): stage(stride).attended
        }
      guard let value else {
        preconditionFailure("\(model.configuration.name) has no attention \(layer)")
      }
      return value
    }
    func group() -> MaskGroup {
      guard let group = prediction.groups.last else {
        preconditionFailure("\(model.configuration.name) has no decoder of masks")
      }
      return group
    }
    let values = outputs.map { output in
      switch output {
      case .logits(let stride): stage(stride).logits
      case .features(let stride): stage(stride).features
      case .attended(let layer): attended(layer)
      case .masks: group().masks
      case .maskClasses: group().classes
      }
    }
    let program = Program(computing: values, from: image, threads: threads)
    if programs.count >= Self.programLimit { programs.removeAll() }
    programs[key] = program
    return program
  }

  /// The class of every pixel of `picture`, decided at the finest output stride unless another is asked for.
  public func labels(
    of picture: Picture, outputStride: Int? = nil,
    observe: (Program.Step, Duration) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }
  ) throws(Cancelled) -> LabelMap {
    try run(picture, [outputStride ?? finestStride], observe: observe, isCancelled: isCancelled) {
      labels($0[0], width: picture.width, height: picture.height)
    }
  }

  /// The logits of every pixel of `picture`, `[1, height, width, classes]`.
  public func logits(
    of picture: Picture, outputStride: Int? = nil, isCancelled: () -> Bool = { false }
  ) throws(Cancelled) -> Tensor {
    try run(picture, [outputStride ?? finestStride], isCancelled: isCancelled) {
      logits($0[0], width: picture.width, height: picture.height)
    }
  }

  /// The class of every pixel of a `width` × `height` picture from its logits on their own grid.
  public func labels(_ logits: TensorView, width: Int, height: Int) -> LabelMap {
    ResizedArgmax.labels(
      of: logits,
      at: ResizedPixels(
        width: width, height: height, frame: frame(width: width, height: height),
        over: logits.shape),
      threads: threads)
  }

  /// How sure the prediction of a `width` × `height` picture is, from the logits on their own grid.
  public func certainty(_ logits: Tensor, width: Int, height: Int) -> Certainty {
    logits.withView {
      Certainty(
        of: $0, frame: frame(width: width, height: height), height: height, width: width,
        threads: threads)
    }
  }

  /// The logits of every pixel of a `width` × `height` picture from those on their own grid.
  public func logits(_ logits: TensorView, width: Int, height: Int) -> Tensor {
    let frame = frame(width: width, height: height)
    let resize = Resize(height: frame.height, width: frame.width, rule: frame.rule)
    return resize(Tensor(copying: logits), threads: threads).cropped(h: height, w: width)
  }

  /// What `read` makes of the logits at `outputStrides`, each on its own grid of the padded picture.
  ///
  /// `finished` is told about each of them as soon as it is there: the teacher's come long before the student's.
  public func run<Result>(
    _ picture: Picture, _ outputStrides: [Int],
    observe: (Program.Step, Duration) -> Void = { _, _ in }, isCancelled: () -> Bool = { false },
    finished: (_ outputStride: Int, TensorView) -> Void = { _, _ in },
    read: ([TensorView]) -> Result
  ) throws(Cancelled) -> Result {
    try run(
      picture, outputs: outputStrides.map { .logits(outputStride: $0) }, observe: observe,
      isCancelled: isCancelled, finished: { finished(outputStrides[$0], $1) }, read: read)
  }

  /// What `read` makes of `outputs`, in their order, each on its own grid of the padded picture.
  ///
  /// `finished` is told about each of them, by its place in the list, as soon as it is there.
  public func run<Result>(
    _ picture: Picture, outputs: [Output],
    observe: (Program.Step, Duration) -> Void = { _, _ in }, isCancelled: () -> Bool = { false },
    finished: (_ index: Int, TensorView) -> Void = { _, _ in }, read: ([TensorView]) -> Result
  ) throws(Cancelled) -> Result {
    try taken(program(width: picture.width, height: picture.height, outputs: outputs)).run(
      in: arena, observe: observe, isCancelled: isCancelled,
      write: { picture.normalise(model.configuration.input, into: $0, threads: threads) },
      finished: finished, read: read)
  }

  /// What `read` makes of `outputs` of a network's input that `write` fills, of any size.
  func run<Result>(
    height: Int, width: Int, outputs: [Output], isCancelled: () -> Bool,
    write: (MutableTensorView) -> Void, read: ([TensorView]) -> Result
  ) throws(Cancelled) -> Result {
    try taken(program(inputHeight: height, inputWidth: width, outputs: outputs)).run(
      in: arena, isCancelled: isCancelled, write: write, read: read)
  }

  /// The program that is run now, whose memory the arena keeps.
  private func taken(_ program: Program) -> Program {
    keptBytes = max(keptBytes, program.arenaBytes)
    return program
  }

  var finestStride: Int {
    model.configuration.outputStrides.last ?? model.configuration.outputStride
  }
}

extension Picture {
  /// Writes (sample − mean) / std per channel into the upper left of `x` `[1, h, w, 3]` and zeros into the rest.
  func normalise(
    _ normalisation: ModelConfiguration.Normalisation, into x: MutableTensorView, threads: Threads
  ) {
    // One table per channel: 256 divisions instead of one per pixel.
    let tables = (0..<3).map { channel in
      (0..<256).map { (Float($0) - normalisation.mean[channel]) / normalisation.std[channel] }
    }
    samples.withUnsafeBufferPointer { samples in
      threads.forEach(x.shape.h, by: 32) { rows, _ in
        for y in rows {
          let row = x.base + y * x.shape.w * 3
          let filled = y < height ? 3 * width : 0
          for i in 0..<filled {
            row[i] = tables[i % 3][Int(samples[y * 3 * width + i])]
          }
          (row + filled).update(repeating: 0, count: 3 * x.shape.w - filled)
        }
      }
    }
  }
}
