/// The forward and the backward half of one training step of a model, recorded once and planned as one program.
///
///     batch ─ model ─ prediction ─ objective ─ L          recorded by calling the model
///     ∂L/∂parameters                                      recorded by going back through the steps
///
/// The optimiser's own step is not part of it. Where processes share the batch, statistics and means are those of the whole
/// batch, each process goes back through its own pictures, and the gradients are summed.
struct TrainingStep {
  /// Where parameters and gradients lie.
  let layout: ParameterLayout
  /// The objective's summands: their names and weights.
  let terms: [(name: String, weight: Float)]
  /// The whole recording, cut to what is needed.
  let program: Program
  private let processes: any Communicator
  /// For each trained tensor its place among the gradients that the program computes; `nil` where none arrives.
  private let places: [Int?]
  private let reachedCount: Int
  private let statistics: [(running: RunningStatistics, count: Int)]

  /// The losses of one step.
  struct Losses: Sendable, Equatable {
    /// L.
    let total: Float
    /// The objective's summands, not yet weighted.
    let terms: [Float]
  }

  /// A step of `configuration`'s model on batches of `batch` pictures of `height` × `width`.
  ///
  /// - Parameters:
  ///   - part: what is trained; its loss is the only one.
  ///   - source: the numbers of what is not trained.
  ///   - stopsGradients: whether the student's gradients stop where HFGM says; see ``SegmentationModel``.
  ///   - stopsAuxiliary: whether the auxiliary head's gradients stop before the backbone.
  ///   - isRecomputing: whether normalised maps are made again in the backward half instead of kept: about a seventh less
  ///     memory for a few percent more time.
  ///   - batch: the pictures of this process, as many as of every other.
  init(
    _ configuration: ModelConfiguration, _ layout: ParameterLayout, _ objective: Objective,
    part: TrainedPart = .whole, from source: any WeightSource = WeightOutline(),
    stopsGradients: Bool = true, stopsAuxiliary: Bool = false, isRecomputing: Bool = false,
    batch: Int, height: Int, width: Int,
    sharedBy processes: any Communicator = SoleProcess(), threads: Threads
  ) {
    let trace = Trace(sharedBy: processes)
    let image = trace.input(Shape(n: batch, h: height, w: width, c: 3), named: "image")
    let labels = trace.input(image.shape.channels(1), named: "labels")
    var model = SegmentationModel(configuration, Weights(training: layout, part, from: source))
    model.stopsGradients = stopsGradients
    model.stopsAuxiliary = stopsAuxiliary

    let prediction = part == .whole ? model(image) : model(image).finestAlone
    let terms = objective.terms(prediction, labels, of: configuration)
    let loss = terms[0].loss.applying(
      WeightedSum(terms.map(\.weight)), to: terms.dropFirst().map(\.loss), named: "loss")
    let moved = layout.trained.filter { part.moves($0.name) }
    let found = loss.gradients(
      withRespectTo: moved.map { $0.value(in: trace) },
      recomputing: { isRecomputing && $0 is BatchNorm })
    let reached = zip(moved, found).compactMap { entry, gradient in
      gradient.map { (entry, $0) }
    }
    let numbers = Dictionary(
      uniqueKeysWithValues: reached.enumerated().map { ($1.0.offset, $0) })
    places = layout.trained.map { numbers[$0.offset] }
    reachedCount = reached.count

    self.layout = layout
    self.processes = processes
    self.terms = terms.map { ($0.name, $0.weight) }
    statistics = trace.statistics.map { ($0.running, $0.count) }
    program = Program(
      computing: [loss] + terms.map(\.loss) + reached.map(\.1) + trace.statistics.map(\.batch),
      from: [image, labels], threads: threads)
  }

  /// Runs the step: writes ∂L/∂parameter for every trained parameter and moves the running statistics.
  ///
  /// - Parameters:
  ///   - parameters: `layout.count` floats, of which the running statistics are moved by `momentum`.
  ///   - gradients: `layout.trainedCount` floats; 0 where no gradient arrives.
  ///   - write: fills pictures `[n, h, w, 3]` and labels `[n, h, w, 1]`.
  func run(
    in arena: Arena, parameters: UnsafeMutablePointer<Float>,
    gradients: UnsafeMutablePointer<Float>, momentum: Float, isCancelled: () -> Bool = { false },
    observe: (Program.Step, Duration) -> Void = { _, _ in },
    write: (_ image: MutableTensorView, _ labels: MutableTensorView) -> Void
  ) throws(Cancelled) -> Losses {
    try program.run(
      in: arena, parameters: UnsafePointer(parameters), observe: observe, isCancelled: isCancelled,
      write: { write($0[0], $0[1]) },
      read: { outputs in
        let first = 1 + terms.count
        let trained = layout.trained
        program.threads.forEach(trained.count) { index, _ in
          let entry = trained[index]
          let target = gradients + entry.offset
          let end = index + 1 < trained.count ? trained[index + 1].offset : layout.trainedCount
          let reached = places[index].map { outputs[first + $0] }
          let count = reached?.shape.count ?? 0
          if let reached { target.update(from: reached.base, count: count) }
          (target + count).update(repeating: 0, count: end - entry.offset - count)
        }
        processes.allReduce(
          UnsafeMutableBufferPointer(start: gradients, count: layout.trainedCount))
        for (norm, batch) in zip(statistics, outputs[(first + reachedCount)...]) {
          norm.running.move(parameters, towards: batch.base, count: norm.count, momentum: momentum)
        }
        return Losses(
          total: outputs[0].base[0], terms: outputs[1..<first].map { $0.base[0] })
      })
  }
}
