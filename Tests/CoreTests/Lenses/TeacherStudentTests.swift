import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Teacher and student")
struct TeacherStudentTests {
  /// Labels 0 … 3 of which 3 is no class.
  private static func labels(_ seed: UInt64) -> LabelMap {
    var random = SeededRandom(seed: seed)
    return LabelMap(
      width: 13, height: 11, values: (0..<143).map { _ in UInt16.random(in: 0...3, using: &random) }
    )
  }

  @Test("pixels are split by who is right")
  func split() {
    let (teacher, student, truth) = (Self.labels(1), Self.labels(2), Self.labels(3))
    var split = GuidanceSplit(teacher: teacher, student: student, truth: truth, classes: 3)
    for k in 0..<3 {
      func count(_ isTeacherRight: Bool, _ isStudentRight: Bool) -> UInt64 {
        UInt64(
          truth.values.indices.count {
            Int(truth.values[$0]) == k && (teacher.values[$0] == k) == isTeacherRight
              && (student.values[$0] == k) == isStudentRight
          })
      }
      #expect(split.pixels(.bothRight, of: k) == count(true, true))
      #expect(split.pixels(.fixed, of: k) == count(false, true))
      #expect(split.pixels(.broken, of: k) == count(true, false))
      #expect(split.pixels(.bothWrong, of: k) == count(false, false))
      #expect(
        split.rescueRate(of: k)
          == Double(count(false, true)) / Double(count(false, true) + count(false, false)))
      #expect(
        split.damageRate(of: k)
          == Double(count(true, false)) / Double(count(true, false) + count(true, true)))
    }
    let fixed = split.pixels(.fixed)
    split.add(split)
    #expect(split.pixels(.fixed) == 2 * fixed)
    #expect(GuidanceSplit(classes: 3).rescueRate() == nil)
  }

  @Test("the divergence is that of the resized logits", arguments: [1, 2, 11, 16, 17, 59])
  func divergence(classes: Int) {
    func logits(_ name: String, _ h: Int, _ w: Int) -> Tensor {
      let shape = Shape(h: h, w: w, c: classes)
      return Tensor(shape, Tensor.random(shape, name).values.map { 9 * $0 })
    }
    let (student, teacher) = (logits("student", 9, 17), logits("teacher", 2, 3))
    let values = Divergence.fromTeacher(
      student: student, teacher: teacher, frame: InputFrame(width: 65, height: 33), width: 61,
      height: 30,
      threads: Threads(2))
    let resize = Resize(height: 33, width: 65)
    let (z, y) = (resize(student), resize(teacher))
    for (column, row) in [(0, 0), (60, 29), (13, 7), (31, 22)] {
      func softmax(_ tensor: Tensor) -> [Double] {
        let e = (0..<classes).map { exp(Double(tensor[0, row, column, $0])) }
        return e.map { $0 / e.reduce(0, +) }
      }
      let expected = zip(softmax(z), softmax(y)).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
      // Sums of exponentials of logits up to 9, relative to a divergence of up to 18.
      #expect(abs(Double(values[row * 61 + column]) - expected) < 2e-5)
    }
    let same = Divergence.fromTeacher(
      student: student, teacher: student, frame: InputFrame(width: 65, height: 33), width: 61,
      height: 30,
      threads: Threads(1))
    #expect(same.allSatisfy { 0...1e-6 ~= $0 })
  }
}
