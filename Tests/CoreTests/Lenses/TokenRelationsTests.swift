import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Token relations")
struct TokenRelationsTests {
  /// Three tokens of two numbers: the first two point almost the same way.
  private let tokens = ClassTokens(
    names: ["sky", "road", "cloud"], width: 2, weights: [3, 4, -4, 3, 6, 8.5], bias: [0, 1, 2])

  private func random(_ count: Int, _ width: Int) -> ClassTokens {
    ClassTokens(
      names: (0..<count).map { "c\($0)" }, width: width,
      weights: RandomWeights.uniform("tokens", seed: 5, count: count * width),
      bias: Array(repeating: 0, count: count))
  }

  /// The formula, pair by pair.
  @Test(arguments: [(1, 1), (3, 2), (11, 96), (7, 33)], TokenRelations.Scale.allCases)
  func agreesWithTheFormula(size: (Int, Int), scale: TokenRelations.Scale) {
    let tokens = random(size.0, size.1)
    let relations = TokenRelations(tokens)
    let factor = scale == .one ? 1 : 1 / Double(size.1).squareRoot()
    func product(_ i: Int, _ j: Int) -> Double {
      zip(tokens[i], tokens[j]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let softmax = relations.matrix(.softmax, scale)
    let cosines = relations.matrix(.cosine, scale)
    for i in 0..<size.0 {
      let sum = (0..<size.0).reduce(0) { $0 + exp(factor * product(i, $1)) }
      for j in 0..<size.0 {
        let place = i * size.0 + j
        #expect(abs(softmax[place] - exp(factor * product(i, j)) / sum) < 1e-12)
        let lengths = (product(i, i) * product(j, j)).squareRoot()
        #expect(abs(cosines[place] - product(i, j) / lengths) < 1e-12)
      }
      #expect(relations.confidence(scale)[i] == softmax[i * size.0 + i])
    }
    #expect(
      abs(
        relations.meanConfidence(scale) * Double(size.0) - relations.confidence(scale).reduce(0, +))
        < 1e-12)
  }

  @Test func lengthsOfThousandsDoNotOverflow() {
    let relations = TokenRelations(
      ClassTokens(names: ["a", "b"], width: 1, weights: [4000, -3000], bias: [0, 0]))
    #expect(relations.softmax(.one) == [1, 0, 0, 1])
  }

  @Test func aTokenOfZerosIsLikeNone() {
    let relations = TokenRelations(
      ClassTokens(names: ["a", "b"], width: 2, weights: [0, 0, 1, 2], bias: [0, 0]))
    #expect(relations.cosines[..<3] == [0, 0, 0] && abs(relations.cosines[3] - 1) < 1e-15)
    #expect(relations.norms == [0, Double(5).squareRoot()])
  }

  @Test func likeTokensStandBesideEachOther() {
    #expect(TokenRelations(tokens).clusteredOrder == [0, 2, 1])
  }

  /// Joins from scratch: the mean over all pairs of members decides, the clusters with the lowest members win a tie.
  @Test(arguments: [1, 2, 5, 19, 40])
  func clusteringAgreesWithItsDefinition(count: Int) {
    // Coarse steps make ties.
    let steps = RandomWeights.uniform("distances", seed: 7, count: count * count) {
      ($0 * 4).rounded()
    }
    var distances = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<i {
        distances[i * count + j] = Double(steps[i * count + j])
        distances[j * count + i] = Double(steps[i * count + j])
      }
    }
    var clusters = (0..<count).map { [$0] }
    while clusters.count > 1 {
      var best = (distance: Double.infinity, left: 0, right: 0)
      for (l, left) in clusters.enumerated() {
        for (r, right) in clusters.enumerated() where r > l {
          let sum = left.reduce(0) { sum, i in
            right.reduce(sum) { $0 + distances[i * count + $1] }
          }
          let mean = sum / Double(left.count * right.count)
          if mean < best.distance - 1e-12 { best = (mean, l, r) }
        }
      }
      clusters[best.left] += clusters[best.right]
      clusters.remove(at: best.right)
      clusters.sort { ($0.min() ?? 0) < ($1.min() ?? 0) }
    }
    let order = AverageLinkage(distances: distances, count: count).leaves
    #expect(order.sorted() == Array(0..<count))
    #expect(order == clusters[0])
  }
}
