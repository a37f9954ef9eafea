/// Steps without weights, as models write them.
extension Value {
  /// This value on the grid of `other`.
  func resized(like other: Value, by rule: Resize.Rule = .aligned, named name: String) -> Value {
    resized(height: other.shape.h, width: other.shape.w, by: rule, named: name)
  }

  /// This value on a grid of `height` × `width`; itself where it already is.
  func resized(
    height: Int, width: Int, by rule: Resize.Rule = .aligned, named name: String
  ) -> Value {
    if shape.h == height && shape.w == width { return self }
    return applying(Resize(height: height, width: width, rule: rule), named: name)
  }

  /// `other` plus this value on the grid of `other`.
  func resized(
    ontoSum other: Value, by rule: Resize.Rule = .aligned, named name: String
  ) -> Value {
    applying(
      Resize(height: other.shape.h, width: other.shape.w, rule: rule), to: other, named: name)
  }

  /// This value plus `others`.
  func summed(with others: Value..., named name: String) -> Value {
    applying(Sum(), to: others, named: name)
  }

  /// This value pooled.
  func pooled(_ pooling: Pooling, named name: String) -> Value { applying(pooling, named: name) }

  /// This value's channels, followed by those of `others`, which lie on the same grid.
  func concatenated(with others: Value..., named name: String) -> Value {
    applying(Concatenation(), to: others, named: name)
  }

  /// The means of this value over `height` × `width` bins; over one, of the whole map.
  func averaged(height: Int = 1, width: Int = 1, named name: String) -> Value {
    applying(AdaptiveMean(height: height, width: width), named: name)
  }
}
