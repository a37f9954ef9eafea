import Foundation
import Testing

@testable import TUI

@Suite("Means over seeds")
struct MatrixMeanTests {
  @Test func byHand() throws {
    #expect(MatrixMean([]) == nil)
    let one = try #require(MatrixMean([3]))
    #expect(one.value == 3 && one.error == nil && one.interval == nil && !one.excludesZero)

    // s² = (1 + 0 + 1) / 2, so the error is 1 / √3, and the interval 4.303 times that.
    let three = try #require(MatrixMean([1, 2, 3]))
    #expect(three.count == 3 && three.value == 2)
    #expect(abs(try #require(three.error) - 1 / 3.0.squareRoot()) < 1e-12)
    #expect(abs(try #require(three.interval) - 2.4843) < 1e-4 && !three.excludesZero)
    #expect(try #require(MatrixMean([-2, -3, -4])).excludesZero)

    // Equal values have an interval of no width.
    #expect(try #require(MatrixMean([1, 1])).excludesZero)
    #expect(try #require(MatrixMean([0, 0])).excludesZero == false)
  }

  /// The density, Γ((ν + 1) / 2) / (√(νπ) Γ(ν / 2)) · (1 + t² / ν)^(−(ν + 1) / 2), has 0.475 between 0 and the quantile.
  @Test(arguments: 1...30)
  func quantilesAgreeWithTheDensity(degrees: Int) {
    let nu = Double(degrees)
    let scale = exp(lgamma((nu + 1) / 2) - lgamma(nu / 2)) / (nu * .pi).squareRoot()
    func density(_ t: Double) -> Double { scale * pow(1 + t * t / nu, -(nu + 1) / 2) }
    // Simpson's rule.
    let pieces = 2000
    let width = StudentsT.quantile(degrees: degrees) / Double(pieces)
    let sum = (0...pieces).reduce(0.0) { sum, i in
      let weight = i == 0 || i == pieces ? 1.0 : i % 2 == 1 ? 4 : 2
      return sum + weight * density(Double(i) * width)
    }
    // Three decimals of a quantile are at most half a thousandth of the density there off.
    #expect(abs(sum * width / 3 - 0.475) < 5e-5, "\(degrees): \(sum * width / 3)")
  }

  @Test func manyDegreesCountAsThirty() {
    #expect(StudentsT.quantile(degrees: 31) == StudentsT.quantile(degrees: 30))
    #expect(StudentsT.quantile(degrees: 1000) == 2.042)
  }
}
