import Core
import Viz

/// One side of a comparison: a model, or a folder of predicted label maps.
struct Slot: Sendable, Equatable {
  /// What the panes call it.
  let name: String
  /// Output strides that it can answer at, coarse to fine; empty for a folder of predictions.
  let outputStrides: [Int]
  /// Its layers of attention; a folder has none.
  var attentionLayers: [AttentionLayer] = []

  /// The stride of the final answer, 0 for a folder.
  var finestStride: Int { outputStrides.last ?? 0 }

  /// The first of them where it is a teacher's.
  var teacherStride: Int?

  /// Whether it makes masks, one a class, in place of logits from class tokens.
  var makesMasks = false

  /// What it can be run without; a folder has no parts.
  var removableParts: Ablation = []

  /// Whether a teacher's answer comes before the student's.
  var isGuided: Bool { teacherStride != nil }
}

/// The classes that all slots share: names, colours, the label that is not counted.
struct ClassList: Sendable, Equatable {
  let names: [String]
  let ignoreIndex: Int
  /// The colours that the classes are shown in, one a name.
  private(set) var palette: [RGB]
  /// Whether those are the checkpoint's.
  var scheme = ColourScheme.usual {
    didSet { palette = scheme.palette(ownPalette) }
  }
  private let ownPalette: [RGB]

  /// Classes whose own colours are `palette`.
  init(names: [String], palette: [RGB], ignoreIndex: Int) {
    self.names = names
    self.ignoreIndex = ignoreIndex
    self.palette = palette
    ownPalette = palette
  }
}
