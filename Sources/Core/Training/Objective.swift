/// What a model is trained to make small.
///
///     L = w_t · CE(up(Z_h), y) + Σ_students w_s · CE(up(Z_s), y) + CAR's terms      (HFGD §3.1, §4.3)
///
/// Logits are resized to the picture before they are compared. A model without guidance has one prediction, of weight 1. SegViT's
/// masks have losses of their own, which nothing here changes.
public struct Objective: Sendable, Equatable {
  /// Weight of the teacher's cross entropy.
  public var teacherWeight: Float = 1
  /// Weight of each student's cross entropy.
  public var studentWeight: Float = 1
  /// Weight of the auxiliary head's cross entropy.
  public var auxiliaryWeight: Float = 1
  /// Weight of the cross entropy of a context's first guess.
  public var guessWeight: Float = 0.4
  /// What the cross entropy is divided by.
  public var mean = PixelMean.allPixels
  /// γ of the focal loss; 0 is plain cross entropy.
  public var focus: Float = 0
  /// Weight of a Dice loss that is added to every cross entropy.
  public var dice: Float = 0
  /// CAR's terms on the context, where the model has a place for them.
  public var car: ClassAwareRegularisation?

  /// HFGD's objective without CAR.
  public init() {}

  /// The objective that a recipe's settings describe; CAR has no part in it where its weights are 0.
  public init(_ settings: LossSettings) {
    teacherWeight = Float(settings.teacher)
    studentWeight = Float(settings.student)
    auxiliaryWeight = Float(settings.auxiliary)
    guessWeight = Float(settings.guess)
    mean = settings.mean
    focus = Float(settings.focalGamma)
    dice = Float(settings.dice)
    if settings.carIntra > 0 || settings.carInter > 0 {
      var car = ClassAwareRegularisation()
      car.intra = Float(settings.carIntra)
      car.intraForm = settings.carIntraForm
      car.inter = Float(settings.carInter)
      car.includesIgnored = settings.carIncludesIgnored
      self.car = car
    }
  }

  /// One summand.
  struct Term {
    /// For people: "teacher", "student os4", "car intra-c2p".
    let name: String
    /// A single number.
    let loss: Value
    let weight: Float
  }

  /// The summands for the `prediction` of a model of `configuration` and labels `[n, H, W, 1]`.
  ///
  /// Whether the model is guided does not follow from the stages: a second student that is trained alone has no teacher there.
  func terms(
    _ prediction: Prediction, _ labels: Value, of configuration: ModelConfiguration
  ) -> [Term] {
    if !prediction.groups.isEmpty { return Self.terms(prediction.groups, labels) }
    let studentWeight = configuration.isGuided ? studentWeight : 1
    var terms = prediction.stages.flatMap { stage in
      let (name, weight) =
        switch stage.role {
        case .teacher: ("teacher", teacherWeight)
        case .auxiliary: ("auxiliary", auxiliaryWeight)
        case .student: ("student os\(stage.outputStride)", studentWeight)
        }
      return self.terms(stage.logits, labels, prediction.resizing, name, weight)
    }
    if let guess = prediction.guess {
      terms += self.terms(guess, labels, prediction.resizing, "guess", guessWeight)
    }
    if let car, let x = prediction.regularised {
      terms += car.terms(x, labels, classes: configuration.classes.count).map {
        Term(name: "car " + $0.name, loss: $0.loss, weight: $0.weight)
      }
    }
    return terms
  }

  /// The cross entropy of logits that are resized to the labels, and their Dice loss where it is asked for.
  private func terms(
    _ logits: Value, _ labels: Value, _ rule: Resize.Rule, _ name: String, _ weight: Float
  ) -> [Term] {
    let processes = labels.trace.processes
    let logits = logits.resized(
      height: labels.shape.h, width: labels.shape.w, by: rule, named: name + " logits")
    let entropy = CrossEntropy(mean: mean, focus: focus, sharedBy: processes)
    let term = Term(
      name: name, loss: logits.applying(entropy, to: labels, named: name), weight: weight)
    guard dice > 0 else { return [term] }
    let overlap = Term(
      name: name + " dice",
      loss: logits.applying(Dice(processes: processes), to: labels, named: name + " dice"),
      weight: weight * dice)
    return [term, overlap]
  }

  /// SegViT's L_cls and L_mask of each step of its decoder, all of weight 1 (arXiv:2210.05844, equation 4).
  private static func terms(_ groups: [MaskGroup], _ labels: Value) -> [Term] {
    let processes = labels.trace.processes
    return zip(1..., groups).flatMap { number, group in
      let (classes, masks) = ("step \(number) classes", "step \(number) masks")
      return [
        Term(
          name: classes,
          loss: group.classes.applying(
            MaskClassLoss(processes: processes), to: labels, named: classes),
          weight: 1),
        Term(
          name: masks,
          loss: group.masks.applying(
            MaskLoss(stride: VisionTransformer.patch, processes: processes), to: labels,
            named: masks),
          weight: 1),
      ]
    }
  }
}
