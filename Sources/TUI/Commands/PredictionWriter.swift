import Core
import Viz

/// Writes the prediction of a picture in all formats that were asked for.
struct PredictionWriter {
  let formats: [PredictionFormat]
  let configuration: ModelConfiguration
  /// The folder that the results go to.
  let output: String
  /// Opacity of the class colours in overlays.
  let opacity: Double
  /// Extension of the formats that are pictures.
  let overlayType: String
  /// The folder of the label maps, for ``PredictionFormat/errors``.
  let labels: String?

  /// What has to be computed beside the labels.
  var extras: Set<Segmentation.Extra> { formats.contains(.logits) ? [.logits] : [] }

  /// The files below ``output`` of a picture whose results begin with `stem`, in the order of ``formats``.
  func names(of stem: String) -> [String] {
    formats.map { stem + $0.suffix(overlayType: overlayType) }
  }

  /// The paths of ``names(of:)``.
  func files(of stem: String) -> [String] { names(of: stem).map(output.appendingPath) }

  /// The label map of the picture whose results begin with `stem`, where one is needed.
  func truth(of stem: String, size: Size) throws -> LabelMap? {
    guard formats.contains(.errors), let labels else { return nil }
    let path = labels.appendingPath(stem + ".png")
    let truth = try ImageFile.readLabels(at: path)
    guard truth.width == size.width && truth.height == size.height else {
      throw UnusableLabels(
        path: path, width: truth.width, height: truth.height, expected: size)
    }
    return truth
  }

  /// Writes all files of a picture and returns their paths.
  func write(
    _ result: Segmentation, of picture: Picture, truth: LabelMap?, stem: String
  ) throws -> [String] {
    let paths = files(of: stem)
    if let path = paths.first { try Folder.create(path.parentFolder) }
    for (format, path) in zip(formats, paths) {
      try write(result, of: picture, truth, as: format, to: path)
    }
    return paths
  }

  private func write(
    _ result: Segmentation, of picture: Picture, _ truth: LabelMap?, as format: PredictionFormat,
    to path: String
  ) throws {
    let (labels, palette) = (result.labels, configuration.palette)
    switch format {
    case .overlay:
      try ImageFile.write(
        picture.overlaid(with: labels, palette: palette, opacity: opacity), to: path)
    case .contour:
      // Seen on a screen, the picture's shorter side is some 500 pixels.
      let thickness = max(1, (min(picture.width, picture.height) + 250) / 500)
      try ImageFile.write(
        picture.contoured(with: labels, colours: palette, thickness: thickness), to: path)
    case .errors:
      guard let truth else { return }
      let verdicts = Judgement.errors(
        labels, truth: truth, ignoreIndex: configuration.ignoreIndex)
      try ImageFile.write(picture.judged(verdicts), to: path)
    case .indexed: try ImageFile.write(labels, palette: palette, to: path)
    case .id: try ImageFile.write(labels, to: path)
    case .labelIds:
      // 0, "unlabeled", is for pixels without a class.
      let ids = PredictionFormat.cityscapesIds
      try ImageFile.write(labels.mapped { Int($0) < ids.count ? ids[Int($0)] : 0 }, to: path)
    case .submission: try ImageFile.write(labels.mapped { $0 + 1 }, to: path)
    case .logits:
      if let logits = result.logits { try AtomicFile.write(logits.channelsFirstNPY, to: path) }
    }
  }
}

extension LabelMap {
  /// The map with each value replaced.
  fileprivate func mapped(_ transform: (UInt16) -> UInt16) -> LabelMap {
    LabelMap(width: width, height: height, values: values.map(transform))
  }
}

/// A label map of another size than its picture.
struct UnusableLabels: Error, CustomStringConvertible {
  let path: String
  let width, height: Int
  let expected: Size

  /// Both sizes and the remedy.
  var description: String {
    "\(path): expected labels of \(expected.width)×\(expected.height) like the picture, found "
      + "\(width)×\(height); export them at the picture's size"
  }
}
