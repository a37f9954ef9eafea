import Core
import Viz

/// Teacher and student of one picture as panels: both predictions, where and how far they differ, and the split of errors.
struct GuidanceFigure {
  private let picture: Picture
  private let pair: GuidedPair
  private let truth: LabelMap?
  private let configuration: ModelConfiguration
  private let outputStride: Int

  init(
    _ picture: Picture, _ pair: GuidedPair, _ truth: LabelMap?,
    _ configuration: ModelConfiguration, _ outputStride: Int
  ) {
    self.picture = picture
    self.pair = pair
    self.truth = truth
    self.configuration = configuration
    self.outputStride = outputStride
  }

  /// The figure under the name of the picture's file.
  func sheet(title path: String) -> FigureSheet {
    let palette = configuration.palette
    let range = ValueRange(upToMostOf: pair.divergence)
    func overlaid(_ labels: LabelMap) -> Picture {
      picture.overlaid(with: labels, palette: palette, opacity: 0.6)
    }
    var panels = [
      FigureSheet.Panel(picture, caption: "image"),
      FigureSheet.Panel(overlaid(pair.teacher), caption: "teacher, OS 32"),
      FigureSheet.Panel(overlaid(pair.student), caption: "student, OS \(outputStride)"),
      FigureSheet.Panel(
        picture.marking(pair.student, whereTheyDifferFrom: pair.teacher, palette: palette),
        caption: "where they disagree, in the student's class"),
      FigureSheet.Panel(
        Picture.heatmap(
          pair.divergence, over: range, width: picture.width, height: picture.height, .magma),
        caption: "KL from teacher to student, 0 to "
          + "\(Double(range.high).formatted(decimals: 1))\(range.isCutAbove ? " or more" : "") nats"
      ),
    ]
    var legend = occurring.map { FigureSheet.LegendEntry(palette[$0], configuration.classes[$0]) }
    if let truth {
      panels.append(
        FigureSheet.Panel(
          picture.judged(
            Judgement.split(
              teacher: pair.teacher, student: pair.student, truth: truth,
              classes: configuration.classes.count)), caption: "the teacher's errors"))
      let verdicts: [(Judgement.Verdict, String)] = [
        (.fixed, "fixed"), (.broken, "broken"), (.both, "both right"), (.neither, "both wrong"),
      ]
      legend += verdicts.compactMap { verdict, word in
        verdict.colour().map { FigureSheet.LegendEntry($0, word) }
      }
    }
    return FigureSheet(
      title: "\(path.fileName.printable), \(configuration.name)", panels: panels, legend: legend)
  }

  /// The classes that either predicts.
  private var occurring: [Int] {
    let count = configuration.classes.count
    let areas = zip(pair.teacher.areas(classes: count), pair.student.areas(classes: count)).map(+)
    return areas.indices.filter { areas[$0] > 0 }
  }
}
