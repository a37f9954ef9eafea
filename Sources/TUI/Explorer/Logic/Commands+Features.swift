import Core
import Viz

/// What lies before the class tokens: features as colour and in a plane, and where attention looks.
let featureCommands: [ExplorerCommand] = [
  ExplorerCommand(
    "features.next", "features as colour, then where axial and context attention look", .lenses,
    [Key("u")]
  ) { state, _ in
    state.nextFeatureView()
    return []
  },
  ExplorerCommand(
    "features.hold", "hold the components of this image's features, or each image's own", .lenses,
    []
  ) { state, _ in
    state.holdComponents()
    return []
  },
  ExplorerCommand(
    "attention.layer", "where the other attention layer looks: axial, context", .lenses, []
  ) { state, _ in
    state.featureLens.attention = state.featureLens.attention == .axial ? .context : .axial
    state.showAttention()
    return []
  },
  ExplorerCommand(
    "attention.head", "one head of the axial attention, or the mean of all", .lenses, [],
    takes: "NUMBER"
  ) { state, argument in
    state.chooseHead(argument)
    return []
  },
  ExplorerCommand(
    "scatter", "features of the images seen in a plane; umap or pca", .lenses, [], takes: "METHOD"
  ) { state, method in state.openScatter(method) },
]

extension ExplorerState {
  fileprivate mutating func nextFeatureView() {
    switch (views[focusedPane], featureLens.attention) {
    case (.features, _):
      featureLens.attention = .axial
      if slots[actingSlot].attentionLayers.isEmpty {
        complain("\(slots[actingSlot].name) has no attention")
      } else {
        showAttention()
      }
    case (.attention, .axial) where slots[actingSlot].attentionLayers.contains(.context):
      featureLens.attention = .context
      showAttention()
    default: show(.features)
    }
  }

  fileprivate mutating func showAttention() {
    let layers = slots[actingSlot].attentionLayers
    let isContext = featureLens.attention == .context
    guard layers.contains(where: { ($0 == .context) == isContext }) else {
      complain("\(slots[actingSlot].name) has no \(featureLens.attention.rawValue)")
      return
    }
    show(.attention)
    if cursor == nil { say("\(attentionWords): the cursor chooses where it looks from") }
  }

  fileprivate mutating func holdComponents() {
    if featureLens.held != nil {
      featureLens.held = nil
      say("each image has the components of its own features")
      return
    }
    let components = slots.indices.map { slot in
      shown.answer(of: slot, pinned: pinnedStride)?.components
    }
    guard let image = gallery.current?.name, components.contains(where: { $0 != nil }) else {
      complain("show features first: their components are held")
      return
    }
    featureLens.held = FeatureLens.Held(image: image, components: components)
    say("the components of \(image) are held: colours mean the same in all images")
  }

  fileprivate mutating func chooseHead(_ argument: String) {
    let heads = attentionHeads
    guard heads > 0 else {
      complain("show the axial attention first")
      return
    }
    if argument.isEmpty {
      let next = (featureLens.head ?? -1) + 1
      featureLens.head = next < heads ? next : nil
    } else if argument == "mean" {
      featureLens.head = nil
    } else if let number = Int(argument), (1...heads).contains(number) {
      featureLens.head = number - 1
    } else {
      complain("heads are 1 to \(heads), or mean")
      return
    }
    say(featureLens.head.map { "head \($0 + 1) of \(heads)" } ?? "the mean of \(heads) heads")
  }

  /// Heads of the axial attention that is shown.
  private var attentionHeads: Int {
    views[focusedPane] == .attention && featureLens.attention == .axial
      ? attentionReading(of: focusedPane)?.map.heads ?? 0 : 0
  }

  // MARK: - Scatter

  /// The most images and points of a scatter: some ten seconds on two processors.
  private static let scatterImages = 40, scatterPoints = 5000

  /// Opens the scatter of the images seen, or closes it; it is made anew where the classes or the method are others.
  fileprivate mutating func openScatter(_ argument: String) -> [ExplorerEffect] {
    if scatter.isOpen && argument.isEmpty {
      scatter.isOpen = false
      return []
    }
    let known = argument.isEmpty ? scatter.result?.method ?? .umap : .init(rawValue: argument)
    guard let method = known else {
      complain("a scatter is made by umap or pca")
      return []
    }
    guard slots.contains(where: { !$0.outputStrides.isEmpty }) else {
      complain("label maps from files have no features; give a model to hfgd explore")
      return []
    }
    let entries = seen.flatMap(\.images.keys)
    guard !entries.isEmpty else {
      complain("nothing is counted yet; open images that have labels")
      return []
    }
    let chosen = classes.names.indices.filter(classPanel.isShown)
    guard !chosen.isEmpty else {
      complain("all classes are hidden; A shows them")
      return []
    }
    uncover()
    scatter.isOpen = true
    let all = Set(entries).sorted()
    let count = min(all.count, Self.scatterImages)
    if let result = scatter.result, result.method == method, result.images == count,
      result.classes == chosen
    {
      return []
    }
    (scatter.result, scatter.failure) = (nil, nil)
    scatter.progress = ("reading labels", 0)
    return [
      .scatter(
        ScatterLens.Request(
          entries: (0..<count).map { all[$0 * all.count / count] },
          sampling: ClassSampling(
            stride: slots.compactMap(\.outputStrides.last).min() ?? 4, classes: chosen,
            perClass: max(20, Self.scatterPoints / chosen.count), seed: 1),
          method: method))
    ]
  }

  /// Notes what the engine tells of the scatter.
  mutating func note(_ report: ScatterLens.Report) {
    // What was posted before it was given up counts no more.
    guard scatter.progress != nil else { return }
    switch report {
    case .progress(let what, let share): scatter.progress = (what, share)
    case .done(let result): (scatter.result, scatter.progress) = (result, nil)
    case .failed(let message): (scatter.failure, scatter.progress) = (message, nil)
    }
  }

  /// Closes the scatter; one that is being made is given up.
  mutating func closeScatter() -> [ExplorerEffect] {
    scatter.isOpen = false
    guard scatter.progress != nil else { return [] }
    scatter.progress = nil
    say("given up")
    return [.stopScatter]
  }
}
