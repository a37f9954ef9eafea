/// The four extents of a tensor in memory order: batch, height, width, channels.
///
/// The whole project is NHWC: channels lie innermost, so a 1×1 convolution is one matrix product and every other
/// kernel is a vector loop over channels.
public struct Shape: Sendable, Hashable, CustomStringConvertible {
  /// Batch, height, width and channels.
  public var n, h, w, c: Int

  /// A shape from its extents, none of them negative.
  public init(n: Int = 1, h: Int, w: Int, c: Int) {
    precondition(
      n >= 0 && h >= 0 && w >= 0 && c >= 0, "negative extent in [\(n), \(h), \(w), \(c)]")
    self.n = n
    self.h = h
    self.w = w
    self.c = c
  }

  /// The number of values.
  public var count: Int { n * h * w * c }

  /// The number of pixels over the whole batch: `n · h · w`.
  public var pixels: Int { n * h * w }

  /// The same pixels with another number of channels.
  public func channels(_ c: Int) -> Shape { Shape(n: n, h: h, w: w, c: c) }

  /// The same batch and channels on a grid of `h` × `w`.
  public func resized(h: Int, w: Int) -> Shape { Shape(n: n, h: h, w: w, c: c) }

  /// The extents as `[n, h, w, c]`.
  public var description: String { "[\(n), \(h), \(w), \(c)]" }
}
