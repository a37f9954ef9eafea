import Core
import Viz

extension RunPage {
  /// The worst and the best images, or why there are none.
  var pictureSections: [HTML] {
    switch pictures {
    case .unwanted: return []
    case .absent(let reason):
      return [
        section(
          "pictures", "Worst and best images", nil,
          [Self.note("There are no pictures: \(reason)")])
      ]
    case .shown(let pictures):
      let words =
        "The wheel or two fingers zoom, dragging moves, a double click resets; the four go together."
      return pictures.groups.enumerated().filter { !$1.images.isEmpty }.map { place, group in
        section(
          "pictures-\(place)", group.title, words,
          (place == 0 ? [legend(pictures.classes)] : []) + group.images.map(views))
      }
    }
  }

  private func legend(_ classes: ClassTable) -> HTML {
    let verdicts = [
      (Judgement.Verdict.right, "right"), (.wrong, "wrong"), (.ignored, "not counted"),
    ].compactMap { verdict, name in verdict.colour().map { ($0, name) } }
    return .element(
      "p", ["class": "legend"],
      (Array(zip(classes.palette, classes.names)) + verdicts).map { colour, name in
        .element("span", [:], [Self.swatch(colour), .text(name)])
      })
  }

  /// An image, its truth, its prediction and the errors, which are zoomed together.
  private func views(_ image: RunPictures.Image) -> HTML {
    let panels = [
      ("image", image.picture), ("truth", image.truth), ("prediction", image.prediction),
      ("errors", image.errors),
    ].map { caption, uri in
      HTML.element(
        "figure", [:],
        [
          .element(
            "div", ["class": "view"],
            [
              .element(
                "img",
                [
                  "src": uri.text, "alt": "\(caption) of \(image.name)", "width": "\(uri.width)",
                  "height": "\(uri.height)", "draggable": "false",
                ])
            ]),
          .element("figcaption", text: caption),
        ])
    }
    let score = "mIoU \((100 * image.meanIoU).formatted(decimals: 2))"
    let remark =
      image.differs
      ? [Self.note("This prediction counts other than the run's did, as on another processor.")]
      : []
    return .element(
      "article", [:],
      [
        .element("h3", [:], [.text(image.name), .element("small", text: " \(score)")])
      ] + remark + [
        .element(
          "div",
          [
            "class": "views", "tabindex": "0", "role": "group",
            "aria-label": "\(image.name): + and - zoom, arrows move, 0 resets",
          ], panels)
      ])
  }
}
