import Core

/// Where a slot's predictions come from.
enum SlotSource: Sendable {
  /// A model, made ready on the engine's thread.
  case model(ModelConfiguration, load: @Sendable () throws -> SegmentationModel)
  /// A folder of label maps that have the images' names.
  case folder(path: String, name: String)

  /// The slot as the screen knows it.
  var slot: Slot {
    switch self {
    case .model(let configuration, _):
      Slot(name: configuration.name, outputStrides: configuration.outputStrides)
    case .folder(_, let name): Slot(name: name, outputStrides: [])
    }
  }
}
