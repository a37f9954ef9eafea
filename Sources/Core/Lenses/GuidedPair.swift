/// What teacher and student predict of one picture, at its size.
public struct GuidedPair: Sendable {
  /// The most likely classes.
  public let teacher, student: LabelMap
  /// KL(student ‖ teacher) in nats, one a pixel.
  public let divergence: [Float]

  /// How many pixels they give different classes.
  public var disagreements: Int { teacher.differences(from: student) }
}

extension Segmenter {
  /// The predictions of a guided model's teacher and of its student at an output stride, from one run.
  public func guidedPair(
    of picture: Picture, student: Int, isCancelled: () -> Bool = { false }
  ) throws(Cancelled) -> GuidedPair {
    guard let teacher = model.configuration.teacherStride else {
      preconditionFailure("\(model.configuration.name) has no teacher")
    }
    return try run(picture, [teacher, student], isCancelled: isCancelled) { logits in
      let (width, height) = (picture.width, picture.height)
      return GuidedPair(
        teacher: labels(logits[0], width: width, height: height),
        student: labels(logits[1], width: width, height: height),
        divergence: Divergence.fromTeacher(
          student: Tensor(copying: logits[1]), teacher: Tensor(copying: logits[0]),
          frame: frame(width: width, height: height), width: width, height: height,
          threads: threads))
    }
  }
}

extension LabelMap {
  /// How many pixels have another label in a map of the same size.
  public func differences(from other: LabelMap) -> Int {
    precondition(
      width == other.width && height == other.height,
      "maps of \(width)×\(height) and \(other.width)×\(other.height)")
    var count = 0
    values.withUnsafeBufferPointer { a in
      other.values.withUnsafeBufferPointer { b in
        for pixel in a.indices where a[pixel] != b[pixel] { count += 1 }
      }
    }
    return count
  }
}
