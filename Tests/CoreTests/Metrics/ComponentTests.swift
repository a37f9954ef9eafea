import TestSupport
import Testing

@testable import Core

@Suite("Components")
struct ComponentTests {
  /// The specification: floods over the eight neighbours, from each pixel that has no number yet.
  private static func flooded(_ map: LabelMap) -> [Int] {
    var numbers = [Int](repeating: -1, count: map.values.count)
    var count = 0
    for start in map.values.indices where numbers[start] < 0 {
      var open = [start]
      numbers[start] = count
      while let pixel = open.popLast() {
        let (x, y) = (pixel % map.width, pixel / map.width)
        for v in max(0, y - 1)...min(map.height - 1, y + 1) {
          for u in max(0, x - 1)...min(map.width - 1, x + 1) {
            let other = v * map.width + u
            guard numbers[other] < 0 && map.values[other] == map.values[start] else { continue }
            numbers[other] = count
            open.append(other)
          }
        }
      }
      count += 1
    }
    return numbers
  }

  @Test(arguments: [(1, 1), (1, 9), (9, 1), (2, 2), (16, 15), (17, 31), (64, 37)], [1, 2, 3, 7])
  func agreesWithFloods(size: (Int, Int), labels: Int) {
    var random = SeededRandom(seed: UInt64(labels))
    let map = LabelMap(
      width: size.0, height: size.1,
      values: (0..<(size.0 * size.1)).map { _ in UInt16(random.next() % UInt64(labels)) })
    let components = ConnectedComponents(of: map)
    var numbers = [Int](repeating: -1, count: map.values.count)
    for run in components.runs {
      for x in run.columns { numbers[run.y * map.width + x] = run.component }
    }
    #expect(numbers == Self.flooded(map))
    #expect(components.count == (numbers.max() ?? -1) + 1)
  }

  @Test func emptyMapHasNone() {
    #expect(ConnectedComponents(of: LabelMap(width: 0, height: 0, values: [])).count == 0)
    #expect(ConnectedComponents(of: LabelMap(width: 0, height: 3, values: [])).count == 0)
  }

  /// Two objects of class 1 that touch at a corner are one; found are those with half of their pixels right.
  @Test func recallBySize() throws {
    var truth = LabelMap(width: 200, height: 110, values: [UInt16](repeating: 0, count: 22000))
    func fill(_ map: inout LabelMap, _ x: Range<Int>, _ y: Range<Int>, _ value: UInt16) {
      for v in y { for u in x { map[u, v] = value } }
    }
    fill(&truth, 1..<5, 1..<3, 1)  // 8 pixels, half of them right below
    fill(&truth, 20..<24, 1..<3, 1)  // 8 pixels, 3 of them right
    fill(&truth, 40..<42, 1..<3, 1)  // 4 + 4 pixels that touch at a corner, one half right
    fill(&truth, 42..<44, 3..<5, 1)
    fill(&truth, 60..<92, 1..<33, 1)  // 32², all wrong
    fill(&truth, 100..<196, 1..<97, 2)  // 96², all right
    fill(&truth, 1..<9, 60..<70, 255)  // void is no component
    var prediction = truth
    fill(&prediction, 1..<3, 1..<3, 0)
    fill(&prediction, 20..<24, 1..<2, 0)
    prediction[20, 2] = 0
    fill(&prediction, 42..<44, 3..<5, 2)
    fill(&prediction, 60..<92, 1..<33, 0)
    let counts = ImageCounts(
      prediction: prediction, truth: truth, classes: 3, ignoreIndex: 255, extras: .components)
    let components = try #require(counts.components)
    #expect(components.components(1, .small) == 3 && components.found(1, .small) == 2)
    #expect(components.pixels(1, .small) == 24 && components.right(1, .small) == 11)
    #expect(components.components(1, .medium) == 1 && components.recall(1, .medium) == 0)
    #expect(components.components(1, .large) == 0 && components.recall(1, .large).isNaN)
    #expect(components.components(2, .large) == 1 && components.recall(2, .large) == 1)
    #expect(components.components(0, .large) == 1 && components.recall(.small) == 2.0 / 3)
  }

  @Test(arguments: [
    (1, ComponentCounts.Size.small), (1023, .small), (1024, .medium), (9215, .medium),
    (9216, .large),
  ])
  func sizes(pixels: Int, size: ComponentCounts.Size) {
    #expect(ComponentCounts.Size(pixels: pixels) == size)
  }
}
