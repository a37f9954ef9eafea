/// A size in pixels.
struct Extent: Sendable, Hashable {
  let width, height: Int

  var pixels: Int { width * height }
}

extension InferenceProtocol {
  /// One look at the picture: scaled, perhaps mirrored.
  struct View: Sendable, Hashable {
    let scale: Double
    let isMirrored: Bool
  }

  /// All looks whose scores are averaged.
  var views: [View] {
    scales.flatMap { scale in
      (isFlipped ? [false, true] : [false]).map { View(scale: scale, isMirrored: $0) }
    }
  }

  /// The sizes that a picture goes through on its way into the network.
  struct Stages: Sendable, Hashable {
    /// As it is, and with what is padded before scaling.
    let picture, canvas: Extent
    /// The canvas at the view's scale, and with what is padded after scaling: what windows are cut from.
    let scaled, input: Extent
  }

  /// The sizes of a picture of `size` seen at `scale`.
  func stages(of size: Extent, scale: Double) -> Stages {
    let padsFirst = convention == .authors
    let canvas = padsFirst ? padded(size) : size
    let scaled = scaled(canvas, by: scale)
    return Stages(
      picture: size, canvas: canvas, scaled: scaled, input: padsFirst ? scaled : padded(scaled))
  }

  private func padded(_ size: Extent) -> Extent {
    func extent(_ side: Int, atLeast crop: Int) -> Int {
      side <= crop ? crop : Segmenter.paddedExtent(side)
    }
    switch padding {
    case .none: return size
    case .grid:
      return Extent(
        width: Segmenter.paddedExtent(size.width), height: Segmenter.paddedExtent(size.height))
    case .size(let width, let height):
      return Extent(
        width: extent(size.width, atLeast: width), height: extent(size.height, atLeast: height))
    case .multiple(let divisor):
      return Extent(
        width: (size.width + divisor - 1) / divisor * divisor,
        height: (size.height + divisor - 1) / divisor * divisor)
    }
  }

  private func scaled(_ size: Extent, by scale: Double) -> Extent {
    if scale == 1 { return size }
    let (width, height) = (Double(size.width), Double(size.height))
    let scaled =
      switch convention {
      case .ours:
        Extent(width: Int(width * scale + 0.5), height: Int(height * scale + 0.5))
      case .authors:
        Extent(width: oddAsBefore(size.width, scale), height: oddAsBefore(size.height, scale))
      case .mmseg: fittingSize(width, height, scale)
      }
    return Extent(width: max(1, scaled.width), height: max(1, scaled.height))
  }

  /// ⌊scale · side⌋ in single precision, + 1 if an odd side became even: iSeg's `get_scaled_size`.
  private func oddAsBefore(_ side: Int, _ scale: Double) -> Int {
    let scaled = Int(Float(scale) * Float(side))
    return scaled % 2 == 0 && side % 2 == 1 ? scaled + 1 : scaled
  }

  /// The largest size of the same proportions inside the rounded one: `Resize(scale_factor, keep_ratio=True)` of mmcv
  /// rounds both sides, then lets `rescale_size` fit the picture into them.
  private func fittingSize(_ width: Double, _ height: Double, _ scale: Double) -> Extent {
    let box = [width, height].map { (($0 * scale) + 0.5).rounded(.down) }.sorted()
    let factor = min(box[1] / max(width, height), box[0] / min(width, height))
    return Extent(width: Int(width * factor + 0.5), height: Int(height * factor + 0.5))
  }

  /// Where a line of `resized` samples lies on the line of `size` samples that it was resized from.
  func positions(size: Int, resized: Int) -> LinePositions {
    resizing.positions(size: size, resized: resized)
  }

  /// How logits are resized, and pictures but for the fixed point.
  var resizing: Resize.Rule { convention == .mmseg ? .centred : .aligned }

  /// Whether logits are resized to the network's input, and from there to the prediction.
  var resizesTwice: Bool { convention != .ours }

  /// Whether pictures are resized in OpenCV's fixed point.
  var resizesSamples: Bool { convention == .mmseg }
}
