import Core

/// Where a slot's predictions come from.
enum SlotSource: Sendable {
  /// A model, loaded on the engine's thread.
  case model(ModelConfiguration, ModelReference)
  /// A folder of label maps that have the images' names.
  case folder(path: String, name: String)

  /// The slot as the screen knows it.
  var slot: Slot {
    switch self {
    case .model(let configuration, _):
      Slot(
        name: configuration.name, outputStrides: configuration.outputStrides,
        attentionLayers: configuration.attentionLayers, teacherStride: configuration.teacherStride,
        makesMasks: configuration.decoder != nil,
        removableParts: configuration.removableParts)
    case .folder(_, let name): Slot(name: name, outputStrides: [])
    }
  }

  /// Whether it is a model, which has features.
  var isModel: Bool {
    if case .model = self { true } else { false }
  }

  /// The stamp that a checkpoint's file has now; `nil` where there is no such file.
  var stamp: FileStamp? {
    guard case .model(_, let reference) = self else { return nil }
    return FileStamp(reference.name)
  }

  /// What the user calls it.
  var path: String {
    switch self {
    case .model(_, let reference): reference.name
    case .folder(let path, _): path
    }
  }

  /// The protocol that it predicts under, as a run describes it.
  var rules: String {
    switch self {
    case .model(let configuration, _): configuration.rules.description
    case .folder: EvaluationSubject.rulesOfPredictions
    }
  }

  /// What tells its weights or files from others.
  func identity() throws -> String {
    switch self {
    case .model(_, let reference): try reference.identity()
    case .folder(let path, _): try PredictionFolder(path: path).fingerprint()
    }
  }
}
