import Core
import Viz

extension ExplorerState {
  /// The figure of what is on screen, at the picture's own resolution: a panel a pane, and a legend of what they show.
  ///
  /// In place of an empty path stands the image's name, in the current folder or, after a slash, in the one given. `nil`
  /// while there is no picture.
  func exportRequest(path: String) -> ExportRequest? {
    if bench.isOpen { return benchExport(path: path) }
    if confusion != nil { return confusionExport(path: path) }
    if scatter.isOpen { return scatterExport(path: path) }
    guard let picture = shown.picture, let entry = gallery.current else { return nil }
    let panels = visiblePanes.compactMap { pane -> FigureSheet.Panel? in
      let other = slots.count > 1 ? answer(of: 1 - pane) : nil
      return PaneRasters.make(
        self, views[pane], picture, answer(of: pane), other, isFirst: pane == 0
      ).map { FigureSheet.Panel($0, caption: caption(of: pane)) }
    }
    guard !panels.isEmpty else { return nil }
    return ExportRequest(
      path: path, name: entry.name.replacing("/", with: "-") + ".export.png",
      sheet: FigureSheet(
        title: ([entry.name] + alteration.words + [reinferenceWords].compactMap { $0 })
          .joined(separator: " · "), panels: panels, columns: panels.count, legend: figureLegend,
        look: theme == .light ? .light : .dark))
  }

  /// A contact sheet of the marked images in the list's order, or of the open one where none is marked; `nil` without an
  /// image.
  func figureRequest(path: String) -> FigureRequest? {
    let marked = gallery.listed.filter { gallery.marks.contains(gallery.entries[$0].name) }
    let chosen =
      marked.isEmpty
      ? gallery.entries.indices.filter { gallery.marks.contains(gallery.entries[$0].name) } : marked
    guard let entry = gallery.current, !slots.isEmpty else { return nil }
    let isOne = chosen.count < 2
    let name = chosen.first.map { gallery.entries[$0].name } ?? entry.name
    return FigureRequest(
      path: path, name: (isOne ? name.replacing("/", with: "-") : "marked") + ".figure.png",
      entries: chosen.isEmpty ? [gallery.selected] : chosen,
      sheet: ContactSheet(
        models: slots.map { slot in
          let stride = pinnedStride.flatMap { slot.outputStrides.contains($0) ? $0 : nil }
          let shown = stride ?? slot.finestStride
          return shown > 0 ? "\(slot.name) OS \(shown)" : slot.name
        },
        classes: ClassTable(
          names: classes.names, palette: classes.palette, ignoreIndex: classes.ignoreIndex),
        scheme: classes.scheme),
      pinnedStride: pinnedStride, opacity: 1, look: theme == .light ? .light : .dark)
  }

  /// The confusion matrix as a figure.
  private func confusionExport(path: String) -> ExportRequest {
    let model = slots[actingSlot].name
    let images = seen[actingSlot].images.count
    return ExportRequest(
      path: path, name: model.replacing("/", with: "-") + ".confusion.png",
      sheet: confusionChart.figure(
        title: "\(model), \(images.counted("image"))", look: theme == .light ? .light : .dark))
  }

  /// The scatter as a figure; `nil` while it is being made.
  private func scatterExport(path: String) -> ExportRequest? {
    guard let result = scatter.result else { return nil }
    let shown = zip(result.classes, result.counts).filter { classPanel.isShown($0.0) }
    return ExportRequest(
      path: path, name: "scatter.\(result.method.rawValue).png",
      sheet: FigureSheet(
        title: "\(result.method.name) of the features of \(result.images.counted("image"))",
        panels: result.layouts.map { slot, layout in
          FigureSheet.Panel(
            result.chart(layout, classes, isShown: classPanel.isShown).picture(
              side: 720, look: theme == .light ? .light : .dark),
            caption: "\(slots[slot].name) · \(layout.agreementWords)")
        },
        legend: shown.map { k, count in
          FigureSheet.LegendEntry(classes.palette[k], classes.names[k], number: "\(count)")
        }, look: theme == .light ? .light : .dark))
  }

  /// The classes that occur, unless no pane shows classes; then what the colours of the panes' maps mean.
  private var figureLegend: [FigureSheet.LegendEntry] {
    let maps = visiblePanes.filter { PaneLegend.isNeeded(for: views[$0]) }
    let rows = maps.count < visiblePanes.count ? classRows(in: nil).filter { $0.area > 0 } : []
    return rows.map { row in
      FigureSheet.LegendEntry(
        classes.palette[row.classIndex], classes.names[row.classIndex],
        number: (100 * row.area).formatted(decimals: row.area < 0.0995 ? 1 : 0) + " %")
    } + maps.flatMap { PaneLegend(self, pane: $0)?.entries ?? [] }
  }

  /// What a pane shows, in words: "A hfgd · overlay · OS 4", "truth".
  func caption(of pane: Int) -> String { captions(of: pane)[0] }

  /// What a pane shows in ever fewer words, for titles that have little room.
  func captions(of pane: Int) -> [String] {
    let view = views[pane]
    let slot = slot(of: pane)
    switch view {
    case .image: return [view.name]
    case .truth where shown.picture != nil && shown.truth == nil: return ["image · no labels"]
    case .truth: return [view.name]
    case .difference where slots.count > 1:
      return [
        "difference of A \(slots[0].name) and B \(slots[1].name)", "difference of A and B",
        "difference",
      ]
    default: break
    }
    let letter = slots.count > 1 ? ["A", "B"][slot] : ""
    let name = slots.indices.contains(slot) ? slots[slot].name : ""
    let model = letter.isEmpty ? name : "\(letter) \(name)"
    let shown =
      switch view {
      case .hits: "hits of \(classes.names[classPanel.selected])"
      case .attention: attentionWords
      case .mask: "mask of \(classes.names[classPanel.selected])"
      case .probability: "probability of \(classes.names[classPanel.selected])"
      default: view.name
      }
    let edited = outcome(of: slot) == nil ? "" : ", edited"
    let isTeacher =
      view == .teacher || view == .attention && featureLens.attention == .context
    let stride = (isTeacher ? self.shown.teacher(of: slot) : answer(of: slot)).flatMap {
      $0.outputStride > 0 ? " · OS \($0.outputStride)" : nil
    }
    return ["\(model) · \(shown)\(edited)\(stride ?? "")", "\(model) · \(shown)\(edited)"]
      + (letter.isEmpty ? [] : ["\(letter) · \(shown)\(edited)"]) + [shown + edited]
  }
}
