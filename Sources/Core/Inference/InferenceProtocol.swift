/// How a picture becomes a prediction: what is padded, scaled, mirrored and cut into windows, and what is averaged.
///
/// Figures of the same checkpoint under two protocols are not comparable, so ``description`` goes wherever a figure
/// goes. `docs/inference.md` has the presets side by side, with their sources.
public struct InferenceProtocol: Sendable, Hashable, Codable {
  /// Whose rules hold for what has no setting of its own.
  ///
  /// | | ours | authors (iSeg) | mmseg |
  /// |---|---|---|---|
  /// | padding | after scaling | before scaling, so it is scaled and mirrored too | after scaling |
  /// | scaled side | nearest whole number | ⌊scale · side⌋, + 1 if that makes an odd side even | mmcv's `rescale_size` |
  /// | picture resized | aligned corners | aligned corners | half-pixel centres, OpenCV's fixed point |
  /// | logits resized | aligned corners, once | aligned corners, by way of the network's input | half-pixel centres, likewise |
  public enum Convention: String, Sendable, Hashable, Codable, CaseIterable {
    case ours, authors, mmseg
  }

  /// How far a picture is padded, at the right and bottom, with the mean colour.
  public enum Padding: Sendable, Hashable, Codable {
    /// Not at all: the networks run at any size, but the grids of their levels then do not coincide at the border.
    case none
    /// To the smallest 32k + 1 that holds each side, on which every level is a whole grid.
    case grid
    /// To this size; a side that is longer, to 32k + 1. The authors' evaluation crop.
    case size(width: Int, height: Int)
    /// To multiples of this; mmsegmentation's `size_divisor`.
    case multiple(of: Int)
  }

  /// What is averaged over scales and mirror images.
  public enum Average: String, Sendable, Hashable, Codable, CaseIterable {
    case logits
    /// The softmax of each.
    case probabilities
  }

  /// Whose rules hold.
  public var convention: Convention
  /// How far pictures are padded.
  public var padding: Padding
  /// The window, or `nil` for the whole picture at once.
  public var window: SlidingWindow?
  /// The sizes that the picture is seen at, as factors; at least one.
  public var scales: [Double]
  /// Whether each of them is seen mirrored too.
  public var isFlipped: Bool
  /// What is averaged where there are several of them.
  public var average: Average

  /// The default of this program and of the models it trains: whole picture, padded to 32k + 1.
  public static let ours = InferenceProtocol(
    convention: .ours, padding: .grid, window: nil, scales: [1], isFlipped: false, average: .logits)

  /// The paper's: whole picture, padded to a crop of 513×513, larger ones to 32k + 1.
  public static let authors = InferenceProtocol(
    convention: .authors, padding: .size(width: 513, height: 513), window: nil, scales: [1],
    isFlipped: false, average: .logits)

  /// mmsegmentation's: whole picture as it is; averages probabilities.
  public static let mmseg = InferenceProtocol(
    convention: .mmseg, padding: .none, window: nil, scales: [1], isFlipped: false,
    average: .probabilities)

  /// The preset of a convention.
  public static func preset(_ convention: Convention) -> InferenceProtocol {
    switch convention {
    case .ours: ours
    case .authors: authors
    case .mmseg: mmseg
    }
  }
}

extension InferenceProtocol: CustomStringConvertible {
  /// All of it in one line that is the same for equal protocols and for no others, such as
  /// `ours pad=32k+1 window=whole scales=1 flip=no average=logits`.
  public var description: String {
    let window = window.map {
      "\($0.width)x\($0.height)@\($0.horizontalStride)x\($0.verticalStride)"
    }
    let scales = scales.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }.joined(separator: ",")
    return "\(convention.rawValue) pad=\(padding) window=\(window ?? "whole") scales=\(scales) "
      + "flip=\(isFlipped ? "yes" : "no") average=\(average.rawValue)"
  }
}

extension InferenceProtocol.Padding: CustomStringConvertible {
  /// `none`, `32k+1`, `513x513` or `/32`.
  public var description: String {
    switch self {
    case .none: "none"
    case .grid: "32k+1"
    case .size(let width, let height): "\(width)x\(height)"
    case .multiple(let divisor): "/\(divisor)"
    }
  }
}
