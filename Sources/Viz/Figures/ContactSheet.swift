import Core

/// Images in rows, as papers show their results; in columns picture, truth, what models predict, and where each errs.
///
/// Truth and errors are left out where no image has labels. Under each panel stand the image's name, the prediction's mIoU
/// and its share of wrong pixels: of the counts that ``Row`` made at the labels' full size.
public struct ContactSheet: Sendable {
  /// What stands for a model: its name, after its letter where there are two.
  public let models: [String]
  /// The rows from the top.
  public var rows: [Row] = []
  private let classes: ClassTable
  private let scheme: ColourScheme

  /// A sheet without rows; `models` are one or two names, `classes` those that all label maps share.
  public init(models: [String], classes: ClassTable, scheme: ColourScheme = .usual) {
    precondition(
      1...2 ~= models.count, "a contact sheet has one or two models, not \(models.count)")
    self.models = models
    self.classes = classes
    self.scheme = scheme
  }

  /// One image.
  public struct Row: Sendable {
    /// The image's name.
    public let name: String
    /// Each model's counts on the image; empty where it has no labels.
    public let counts: [ConfusionMatrix]
    /// The classes that are true or predicted somewhere.
    let occurring: Set<Int>
    /// The image, at the size of what is drawn.
    public let picture: Picture
    /// The true classes in their colours; `nil` without labels.
    public let truth: Picture?
    /// Each model's classes in their colours.
    public let predictions: [Picture]
    /// Where each model is right and wrong; empty without labels.
    public let errors: [Picture]
  }

  /// Adds an image.
  ///
  /// Of large ones only what is drawn is kept: areas of the picture's light, and of label maps the class of most of an area.
  /// - Parameters:
  ///   - picture: drawn at the label maps' proportions.
  ///   - truth: the true classes; `nil` where there are none.
  ///   - predictions: a map for each model, all of the truth's size.
  ///   - opacity: of class colours over the picture, from 0 to 1.
  ///   - longestSide: to which longer pictures are scaled down; `nil` for any.
  public mutating func add(
    _ name: String, _ picture: Picture, truth: LabelMap?, predictions: [LabelMap],
    opacity: Double = 1, longestSide: Int? = nil
  ) {
    precondition(
      predictions.count == models.count,
      "\(predictions.count) predictions of \(models.count) models")
    let maps = predictions + [truth].compactMap { $0 }
    let full = (width: predictions[0].width, height: predictions[0].height)
    let scale = min(1, Double(longestSide ?? .max) / Double(max(full.width, full.height)))
    let width = max(1, Int((Double(full.width) * scale).rounded()))
    let height = max(1, Int((Double(full.height) * scale).rounded()))
    let small =
      picture.width == width && picture.height == height
      ? picture : picture.areaScaled(width: width, height: height)
    func scaled(_ map: LabelMap) -> LabelMap {
      scale < 1 ? map.majorityScaled(width: width, height: height) : map
    }
    func coloured(_ map: LabelMap) -> Picture {
      small.overlaid(with: map, palette: palette, opacity: opacity)
    }
    let (drawn, drawnTruth) = (predictions.map(scaled), truth.map(scaled))
    rows.append(
      Row(
        name: name,
        counts: truth.map { truth in
          predictions.map {
            var counts = ConfusionMatrix(classes: classes.names.count)
            counts.add(prediction: $0, truth: truth, ignoreIndex: classes.ignoreIndex)
            return counts
          }
        } ?? [],
        occurring: maps.reduce(into: []) { occurring, map in
          let areas = map.areas(classes: classes.names.count)
          occurring.formUnion(areas.indices.filter { areas[$0] > 0 })
        },
        picture: small, truth: drawnTruth.map(coloured), predictions: drawn.map(coloured),
        errors: drawnTruth.map { truth in
          drawn.map {
            small.judged(
              Judgement.errors($0, truth: truth, ignoreIndex: classes.ignoreIndex), scheme)
          }
        } ?? []))
  }

  /// The sheet as a figure; it has at least one row.
  public func figure(title: String? = nil, look: FigureLook = .light) -> FigureSheet {
    let hasTruth = rows.contains { $0.truth != nil }
    let letters = models.count > 1 ? ["A", "B"] : [""]
    let errors = models.count > 1 ? letters.map { "errors of \($0)" } : ["errors"]
    let headings =
      ["image"] + (hasTruth ? ["truth"] : [])
      + zip(letters, models).map { $0.isEmpty ? $1 : "\($0) \($1)" } + (hasTruth ? errors : [])
    let occurring = rows.reduce(into: Set<Int>()) { $0.formUnion($1.occurring) }
    return FigureSheet(
      title: title, panels: rows.flatMap { panels(of: $0, hasTruth: hasTruth) },
      columns: headings.count, headings: headings,
      legend: occurring.sorted().map {
        FigureSheet.LegendEntry(palette[$0], classes.names[$0])
      } + (hasTruth ? verdicts : []), look: look)
  }

  private var palette: [RGB] { scheme.palette(classes.palette) }

  private var verdicts: [FigureSheet.LegendEntry] {
    [(Judgement.Verdict.right, "right"), (.wrong, "wrong"), (.ignored, "not counted")].compactMap {
      verdict, name in verdict.colour(scheme).map { FigureSheet.LegendEntry($0, name) }
    }
  }

  private func panels(of row: Row, hasTruth: Bool) -> [FigureSheet.Panel] {
    let image = FigureSheet.Panel(row.picture, caption: row.name)
    let scores = row.counts.map { "mIoU \(Self.percent($0.meanIoU))" }
    let predictions = zip(row.predictions, scores + ["", ""]).map {
      FigureSheet.Panel($0, caption: $1)
    }
    guard hasTruth else { return [image] + predictions }
    guard let truth = row.truth else {
      let nothing = FigureSheet.Panel(row.picture, caption: "no labels")
      return [image, nothing] + predictions + predictions.map { _ in nothing }
    }
    let errors = zip(row.errors, row.counts).map {
      FigureSheet.Panel($0, caption: "\(Self.percent(1 - $1.pixelAccuracy)) % wrong")
    }
    return [image, FigureSheet.Panel(truth)] + predictions + errors
  }

  /// A share as percent with one digit, a dash where there is none.
  private static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "–" }
    let tenths = Int((1000 * share).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
