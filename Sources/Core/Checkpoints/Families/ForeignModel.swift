/// A segmentation model of another library, recognised by the names and shapes of its tensors.
struct ForeignModel {
  /// What it is in our terms.
  let configuration: ModelConfiguration
  /// How the file calls its tensors.
  let naming: TensorNaming

  /// The model whose tensors `file` holds.
  init(_ file: TensorFile) throws(CheckpointFailure) {
    guard !file.facts.isBGR else { throw .channelOrder(path: file.path) }
    if MMSegmentationModel.isOne(file) {
      let model = try MMSegmentationModel(file)
      (configuration, naming) = (model.configuration, model.naming)
      return
    }
    if file["tokens.weight"] != nil { throw .noConfiguration(path: file.path) }
    if let fit = BackboneFit(file), fit.mapping.mapped.count > fit.mapping.problems.count {
      throw .backboneAlone(
        path: file.path, family: fit.mapping.family, backbone: fit.backbone)
    }
    throw .unknownModel(
      path: file.path, tensors: file.tensors.count, first: file.tensors.first?.name ?? "")
  }
}
