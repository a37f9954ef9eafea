import Foundation
import TestSupport
import Testing

@testable import Core

/// SegViT's losses against their formulas and differences of their values.
@Suite("Losses of masks")
struct MaskLossTests {
  static let classes = 6

  /// Labels of some classes, not all in each picture, and ignored pixels.
  static func labels(_ n: Int, _ height: Int, _ width: Int) -> Tensor {
    let shape = Shape(n: n, h: height, w: width, c: 1)
    return Tensor(
      shape,
      RandomWeights.uniform("labels", seed: 4, count: shape.count).enumerated().map { index, u in
        let label = ((u + 1) * 2.5).rounded(.down) - 1
        return label >= 0 && index < height * width ? label + 2 : label
      })
  }

  private func maskLoss(
    _ masks: Tensor, _ labels: Tensor, stride: Int
  ) -> Double {
    let (pixels, classes) = (labels.shape.h * labels.shape.w, masks.shape.c)
    let height = masks.shape.h * stride
    let x = Resize(height: height, width: masks.shape.w * stride, rule: .centred)(masks)
      .cropped(h: labels.shape.h, w: labels.shape.w)
    var (sum, count) = (0.0, 0)
    for n in 0..<masks.shape.n {
      for k in 0..<classes {
        let inside = (0..<pixels).map { labels.values[n * pixels + $0] == Float(k) }
        guard inside.contains(true) else { continue }
        count += 1
        var (focal, shared, predicted) = (0.0, 0.0, 0.0)
        for p in 0..<pixels {
          let share = 1 / (1 + exp(-Double(x.values[(n * pixels + p) * classes + k])))
          focal +=
            inside[p]
            ? -0.25 * pow(1 - share, 2) * log(share) : -0.75 * pow(share, 2) * log(1 - share)
          predicted += share
          if inside[p] { shared += share }
        }
        let labelled = Double(inside.count { $0 })
        sum +=
          20 * focal / Double(pixels) + 1 - (2 * shared + 1) / (predicted + labelled + 1)
      }
    }
    return sum / Double(max(1, count))
  }

  /// Pictures that fill their masks' pixels and pictures that do not, of sizes even and odd.
  @Test(
    "of where they are", arguments: [(1, 1, 1, 1), (2, 3, 12, 9), (3, 5, 11, 20), (4, 2, 13, 7)])
  func masks(_ size: (h: Int, w: Int, height: Int, width: Int)) {
    let labels = Self.labels(2, size.height, size.width)
    var masks = Tensor.random(
      Shape(n: 2, h: size.h, w: size.w, c: Self.classes), "masks")
    masks.values = masks.values.map { 4 * $0 }
    let stride = max(
      (size.height + size.h - 1) / size.h, (size.width + size.w - 1) / size.w)
    let loss = MaskLoss(stride: stride)
    let value = loss(masks, labels, threads: Threads(2)).values[0]
    let expected = maskLoss(masks, labels, stride: stride)
    #expect(abs(Double(value) - expected) < 1e-5 * max(1, expected))
    #expect(loss(masks, labels, threads: Threads(1)).values[0] == value)
    GradientCheck(variables: [masks, labels], samples: 48) {
      $0[0].applying(loss, to: $0[1].stoppingGradient, named: "masks")
    }.expectAgreement(within: 5e-3)
  }

  @Test("of what they show") func classes() {
    let labels = Self.labels(2, 7, 9)
    var z = Tensor.random(Shape(n: 2, h: 1, w: Self.classes, c: Self.classes + 1), "z")
    z.values = z.values.map { 3 * $0 }
    var (sum, weights) = (0.0, 0.0)
    for n in 0..<2 {
      for k in 0..<Self.classes {
        let isPresent = (0..<63).contains { labels.values[n * 63 + $0] == Float(k) }
        let start = (n * Self.classes + k) * (Self.classes + 1)
        let q = softmaxReference(z.values[start..<(start + Self.classes + 1)].map { Double($0) })
        let weight = isPresent ? 1 : 0.1
        sum -= weight * log(q[isPresent ? k : Self.classes])
        weights += weight
      }
    }
    let value = MaskClassLoss()(z, labels).values[0]
    #expect(abs(Double(value) - sum / weights) < 1e-5)
    GradientCheck(variables: [z, labels]) {
      $0[0].applying(MaskClassLoss(), to: $0[1].stoppingGradient, named: "classes")
    }.expectAgreement()
  }

  /// Without a labelled pixel there is no mask to be right or wrong, and every query shows nothing.
  @Test func nothingLabelled() {
    let labels = Tensor(Shape(n: 2, h: 4, w: 6, c: 1), filled: -1)
    let masks = Tensor.random(Shape(n: 2, h: 2, w: 3, c: Self.classes), "masks")
    #expect(MaskLoss(stride: 2)(masks, labels).values == [0])
    let gradient = MaskLossGradient(MaskLoss(stride: 2))(
      masks, labels, Tensor(Shape(h: 1, w: 1, c: 1), [1]))
    #expect(gradient.values.allSatisfy { $0 == 0 })
    let targets = labels.withView { MaskClassLoss.targets($0, classes: 3) }
    #expect(targets.allSatisfy { $0.target == 3 && $0.weight == 0.1 })
  }

  /// Certain masks: the loss is large, not infinite, and so is its slope.
  @Test func certainMistakes() {
    let inside = MaskPoint(-1e4).focal(true)
    #expect(inside == 2500)
    #expect(MaskPoint(1e4).focal(true) == 0 && MaskPoint(-1e4).focal(false) == 0)
    let slopes = MaskSlopes(focal: 1, common: 0, own: 0)
    #expect(MaskPoint(-1e4).slope(slopes, true) == -0.25)
    #expect(MaskPoint(1e4).slope(slopes, false) == 0.75)
  }
}
