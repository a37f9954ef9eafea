import Core
import Testing

@testable import Viz

@Suite("Judgement")
struct JudgementTests {
  private static func map(_ values: [UInt16]) -> LabelMap {
    LabelMap(width: values.count, height: 1, values: values)
  }

  private let truth = map([0, 1, 1, 255])
  private let prediction = map([0, 0, 1, 1])

  @Test func errorsLeaveTheIgnoredOut() {
    #expect(
      Judgement.errors(prediction, truth: truth, ignoreIndex: 255)
        == [.right, .wrong, .right, .ignored])
  }

  @Test func hitsAreOfOneClass() {
    #expect(
      Judgement.hits(of: 1, prediction, truth: truth, ignoreIndex: 255)
        == [.nothing, .falseNegative, .truePositive, .nothing])
    #expect(
      Judgement.hits(of: 0, prediction, truth: truth, ignoreIndex: 255)
        == [.truePositive, .falsePositive, .nothing, .nothing])
  }

  @Test func differencesNameTheOneThatIsRight() {
    let second = Self.map([1, 1, 1, 0])
    #expect(
      Judgement.difference(prediction, second, truth: truth, ignoreIndex: 255)
        == [.onlyFirst, .onlySecond, .both, .ignored])
    let counts = Judgement.differenceCounts(prediction, second, truth: truth, ignoreIndex: 255)
    #expect(counts == (onlyFirst: 1, onlySecond: 1, both: 1, neither: 0, ignored: 1))
    let third = Self.map([2, 0, 1, 0])
    #expect(
      Judgement.difference(third, third, truth: truth, ignoreIndex: 255)
        == [.neither, .neither, .both, .ignored])
  }

  /// Two thirds tint and a third of the picture's grey, or half the grey where there is nothing to say.
  @Test func verdictsAreTintsOverTheDarkenedPicture() throws {
    let picture = Picture(width: 2, height: 1, filled: RGB(30, 60, 90))
    let judged = picture.judged([.wrong, .nothing])
    let tint = try #require(Judgement.Verdict.wrong.colour())
    #expect(
      judged[0, 0]
        == RGB(
          UInt8((2 * Int(tint.red) + 60) / 3), UInt8((2 * Int(tint.green) + 60) / 3),
          UInt8((2 * Int(tint.blue) + 60) / 3)))
    #expect(judged[1, 0] == RGB(30, 30, 30))
  }

  /// What is drawn side by side can be told apart by every kind of eye.
  @Test func safeTintsDifferForEveryVision() throws {
    let maps: [[Judgement.Verdict]] = [
      [.right, .wrong, .ignored], [.truePositive, .falsePositive, .falseNegative],
      [.onlyFirst, .onlySecond, .both, .neither, .ignored],
    ]
    for verdicts in maps {
      let seen = try verdicts.map { ColourSeen(try #require($0.colour(.safe))) }
      for i in seen.indices {
        for j in 0..<i { #expect(seen[i].squaredDistance(to: seen[j]) > 0.1 * 0.1) }
      }
    }
  }

  @Test func unequalSizesTrap() async {
    await #expect(processExitsWith: .failure) {
      let (one, two) = (Self.map([0]), Self.map([0, 0]))
      _ = Judgement.errors(one, truth: two, ignoreIndex: 255)
    }
  }
}
