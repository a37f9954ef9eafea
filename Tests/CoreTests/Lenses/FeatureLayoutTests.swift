import TestSupport
import Testing

@testable import Core

@Suite("Features as colour and in a plane")
struct FeatureLayoutTests {
  @Test("components see the picture's cells alone, and their picture is clipped to the percentiles")
  func components() {
    // A grid of 9×9 stands for 33×33 pixels; the picture's are those of 7 rows and 6 columns of cells.
    var features = Tensor.random(Shape(h: 9, w: 9, c: 12), "features")
    let inside = FeatureMap(
      features, frame: InputFrame(width: 33, height: 33), width: 22, height: 28, threads: Threads(2)
    )
    #expect(inside.cellsInside == (7, 6))
    let fit = FeatureComponents(fitting: inside, threads: Threads(2))
    #expect(fit.cells == 42 && fit.principal.components.count == 3)
    var points = PointSet(dimensions: 12)
    for y in 0..<7 { for x in 0..<6 { points.append((0..<12).map { features[0, y, x, $0] }) } }
    let expected = PrincipalComponents(of: points, count: 3, threads: Threads(1))
    #expect(
      disagreement(
        fit.principal.components.joined().map(Float.init),
        expected.components.joined().map(Float.init)) < 1e-6)

    // What lies in the padding does not matter.
    for x in 0..<9 { for c in 0..<12 { features[0, 8, x, c] = 100 } }
    let other = FeatureMap(
      features, frame: InputFrame(width: 33, height: 33), width: 22, height: 28, threads: Threads(1)
    )
    #expect(FeatureComponents(fitting: other, threads: Threads(1)) == fit)

    let pixels = fit.pixels(of: inside, threads: Threads(2))
    #expect(pixels.count == 3 * 22 * 28 && pixels.allSatisfy { 0...1 ~= $0 })
    // Cells stand at every fourth pixel.
    let cell = fit.principal.coordinates(of: (0..<12).map { features[0, 3, 2, $0] })
    for k in 0..<3 {
      let range = fit.ranges[k]
      let share = (Float(cell[k]) - range.lowerBound) / (range.upperBound - range.lowerBound)
      #expect(abs(pixels[3 * (12 * 22 + 8) + k] - min(max(share, 0), 1)) < 1e-4)
    }
  }

  @Test("quotas are even, and small images' shares go to the others")
  func quotas() {
    let sampling = ClassSampling(stride: 4, classes: [3, 5], perClass: 10, seed: 1)
    #expect(sampling.quotas([[100, 0], [2, 1], [100, 2]]) == [[4, 0], [2, 1], [4, 2]])
    #expect(sampling.quotas([[3, 9], [3, 9]]) == [[3, 5], [3, 5]])
    #expect(sampling.quotas([]).isEmpty)
  }

  @Test("pixels are cells of their class, follow from seed and name, and none is drawn twice")
  func pixels() {
    var labels = LabelMap(
      width: 41, height: 29, values: [UInt16](repeating: 0, count: 41 * 29))
    for y in 0..<29 { for x in 0..<41 { labels[x, y] = UInt16(y / 10 + x / 20) } }
    let sampling = ClassSampling(stride: 4, classes: [2, 1], perClass: 1000, seed: 7)
    let counts = sampling.counts(labels)
    let all = sampling.pixels(of: labels, named: "a", quotas: counts)
    #expect(all.count == counts.reduce(0, +) && Set(all).count == all.count)
    for pixel in all {
      #expect(pixel.x % 4 == 0 && pixel.y % 4 == 0)
      #expect(Int(labels[pixel.x, pixel.y]) == pixel.classIndex)
    }
    let few = sampling.pixels(of: labels, named: "a", quotas: [5, 3])
    let classes = few.map { $0.classIndex }
    #expect(classes == [2, 2, 2, 2, 2, 1, 1, 1])
    #expect(Set(few).isSubset(of: Set(all)))
    #expect(few == sampling.pixels(of: labels, named: "a", quotas: [5, 3]))
    #expect(few != sampling.pixels(of: labels, named: "b", quotas: [5, 3]))
  }

  @Test("neighbours agree where classes lie apart, by either method")
  func agreement() throws {
    var points = PointSet(dimensions: 3)
    let noise = RandomWeights.uniform("noise", seed: 1, count: 3 * 90)
    for point in 0..<90 {
      let centre: Float = point < 30 ? 0 : 20
      points.append(noise[(3 * point)..<(3 * point + 3)].map { $0 + centre })
    }
    // The second and the third class lie in one place, the fourth has no point.
    let classes = (0..<90).map { $0 < 30 ? 0 : 1 + $0 % 2 }
    for method in FeatureLayout.Method.allCases {
      let layout = try FeatureLayout(
        of: points, classes: classes, classCount: 4, method: method, seed: 1, threads: Threads(2))
      #expect(layout.places.count == 90)
      #expect(layout.agreement[0] == 1)
      #expect(0.3...0.7 ~= layout.agreement[1] && 0.3...0.7 ~= layout.agreement[2])
      #expect(layout.agreement[3].isNaN)
      let (left, right) = (layout.places[..<30], layout.places[30...])
      let apart = left.reduce(.zero, +) / 30 - right.reduce(.zero, +) / 60
      #expect((apart * apart).sum().squareRoot() > 5)
    }
  }
}
