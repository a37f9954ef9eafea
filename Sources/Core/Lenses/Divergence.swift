import Foundation

/// How far a student's probabilities are from its teacher's, pixel by pixel.
public enum Divergence {
  /// KL(student ‖ teacher) in nats of each pixel, one a pixel, never negative.
  ///
  /// With p = softmax(z) of the student's and q = softmax(y) of the teacher's logits, each resized to the pixel:
  ///
  ///     KL = Σ_k p_k · (z_k − y_k) − log Σ exp z + log Σ exp y
  ///
  /// - Parameters:
  ///   - student: logits `[1, h, w, K]` on the student's grid.
  ///   - teacher: logits `[1, h', w', K]` on the teacher's.
  ///   - frame: the network's input, which both grids cover.
  ///   - width: of the picture, in its upper left corner.
  ///   - height: of the picture.
  ///   - threads: what it may take; the result does not depend on it.
  public static func fromTeacher(
    student: Tensor, teacher: Tensor, frame: InputFrame, width: Int, height: Int, threads: Threads
  ) -> [Float] {
    let classes = student.shape.c
    precondition(
      teacher.shape.c == classes, "\(classes) and \(teacher.shape.c) classes cannot be compared")
    let fine = ResizedPixels(width: width, height: height, frame: frame, over: student.shape)
    let coarse = ResizedPixels(width: width, height: height, frame: frame, over: teacher.shape)
    return [Float](unsafeUninitializedCapacity: width * height) { output, count in
      nonisolated(unsafe) let output = output
      student.withView { student in
        teacher.withView { teacher in
          fine.forEachRow(of: student, threads: threads) { i, z, columns in
            withUnsafeTemporaryAllocation(
              of: Float.self, capacity: teacher.shape.w * classes + 16
            ) { row in
              guard let y = row.baseAddress else { return }
              row.initialize(repeating: 0)
              coarse.kernels.mixRows(of: teacher, image: 0, at: coarse.rows[i], into: y)
              for j in 0..<width {
                output[i * width + j] = divergence(
                  Pixel(z, columns[j], classes), Pixel(y, coarse.columns[j], classes), classes)
              }
            }
          }
        }
      }
      count = width * height
    }
  }

  /// A pixel's scores: between those of two neighbours in a row.
  private struct Pixel {
    let a, b: UnsafePointer<Float>
    let share: Float

    @inline(__always)
    init(_ row: UnsafePointer<Float>, _ place: LinePositions.Neighbours, _ classes: Int) {
      a = row + place.first * classes
      b = row + place.second * classes
      share = place.share
    }

    @inline(__always)
    func scores(from c: Int, of count: Int) -> Lanes {
      Lanes.scores(a + c, b + c, share, left: count - c)
    }

    @inline(__always)
    func largest(of count: Int) -> Float {
      var largest = Lanes(repeating: -.greatestFiniteMagnitude)
      for c in stride(from: 0, to: count, by: 16) {
        let value = scores(from: c, of: count)
        largest = largest.replacing(with: value, where: value .> largest)
      }
      return largest.max()
    }
  }

  /// KL between two pixels' softmaxes; each is taken relative to its largest score, so that nothing overflows.
  @inline(__always)
  private static func divergence(_ student: Pixel, _ teacher: Pixel, _ count: Int) -> Float {
    let (m, n) = (student.largest(of: count), teacher.largest(of: count))
    var (sum, teacherSum, weighted) = (Lanes.zero, Lanes.zero, Lanes.zero)
    for c in stride(from: 0, to: count, by: 16) {
      let isPast = Lanes.isPast(count - c)
      let z = student.scores(from: c, of: count) - m
      let y = teacher.scores(from: c, of: count) - n
      let e = exponential(z).replacing(with: 0, where: isPast)
      sum += e
      teacherSum += exponential(y).replacing(with: 0, where: isPast)
      weighted += e * (z - y).replacing(with: 0, where: isPast)
    }
    let divergence = weighted.sum() / sum.sum() - log(sum.sum()) + log(teacherSum.sum())
    // Rounding may go below by some units in the last place.
    return max(0, divergence)
  }
}
