/// The three terms of "CAR: Class-aware Regularizations for Semantic Segmentation" (arXiv:2203.07160) as the authors' code
/// has them (`car_core/{car,utils}.py`): features of one class stay together, class centres apart from each other, and
/// pixels apart from the centres of other classes.
///
/// They look at x, the context's feature before its last activation, and pull at nothing through the centres that they
/// compare with: those are sg(μ).
public struct ClassAwareRegularisation: Sendable, Equatable {
  /// Weight of the intra-class term.
  public var intra: Float = 1
  /// What the intra-class term squares.
  var intraForm = IntraClassDeviation.Form.squaredMean
  /// Weight of each of the two inter-class terms.
  public var inter: Float = 1
  /// Whether ignored pixels, to which every class is another, take part in the pixel term, as they do in the authors' code.
  public var includesIgnored = true

  /// All weights 1.
  public init() {}

  /// ε₀ and ε₁ of the code: how much of a row all other classes may have together before it costs something.
  static let (centreMargin, pixelMargin): (Float, Float) = (0.5, 0.25)

  /// The terms on x `[n, h, w, c]` with labels `[n, H, W, 1]`, each a single number, and their weights.
  func terms(_ x: Value, _ labels: Value, classes: Int) -> [(
    name: String, loss: Value, weight: Float
  )] {
    let labels = labels.applying(
      NearestResize(height: x.shape.h, width: x.shape.w), named: "car.labels")
    let processes = x.trace.processes
    let centres = x.applying(
      ClassCentres(classes: classes, processes: processes), to: labels, named: "car.centres")
    let fixed = centres.stoppingGradient
    return [
      (
        "intra-c2p",
        x.applying(
          IntraClassDeviation(form: intraForm, processes: processes), to: fixed, labels,
          named: "car.intra"),
        intra
      ),
      (
        "inter-c2c",
        centres.applying(InterClassCentres(margin: Self.centreMargin), to: fixed, named: "car.c2c"),
        inter
      ),
      (
        "inter-c2p",
        x.applying(
          InterClassPixels(
            margin: Self.pixelMargin, includesIgnored: includesIgnored, processes: processes),
          to: fixed, labels, named: "car.c2p"), inter
      ),
    ]
  }
}
