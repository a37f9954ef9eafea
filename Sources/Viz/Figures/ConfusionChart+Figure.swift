extension ConfusionChart {
  /// The chart as a figure with its scale as the legend; there are numbers in the squares of up to 40 classes.
  public func figure(title: String, look: FigureLook = .light) -> FigureSheet {
    let isLight = look.isLight
    let scale = Self.scale(isLight: isLight)
    let steps = [0.01, 0.05, 0.2, 0.5, 1].map { share in
      FigureSheet.LegendEntry(
        scale(Float(share.squareRoot())), "taken for another class",
        number: "\(Int(100 * share)) %")
    }
    return FigureSheet(
      title: title,
      panels: [
        FigureSheet.Panel(
          picture(look), caption: "rows: truth · columns: prediction · percent of the truth")
      ],
      legend: [
        FigureSheet.LegendEntry(Self.grey(1, isLight: isLight), "right", number: "100 %")
      ] + steps, look: look)
  }
}
