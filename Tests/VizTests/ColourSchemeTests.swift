import Core
import Testing

@testable import Viz

@Suite("Colour scheme")
struct ColourSchemeTests {
  /// CamVid's eleven classes in the colours of the data set, as its checkpoints carry them.
  private let camvid = [
    RGB(128, 128, 128), RGB(128, 0, 0), RGB(192, 192, 128), RGB(128, 64, 128), RGB(60, 40, 222),
    RGB(128, 128, 0), RGB(192, 128, 128), RGB(64, 64, 128), RGB(64, 0, 128), RGB(64, 64, 0),
    RGB(0, 128, 192),
  ]

  /// The distance of the two colours that are hardest to tell apart, to the eye that tells them apart worst.
  private func leastDistance(_ palette: [RGB]) -> Float {
    let seen = palette.map(ColourSeen.init)
    return seen.indices.dropFirst().flatMap { i in
      (0..<i).map { seen[i].squaredDistance(to: seen[$0]).squareRoot() }
    }.min() ?? 0
  }

  @Test func theUsualSchemeIsTheCheckpoints() {
    #expect(ColourScheme.usual.palette(camvid) == camvid)
  }

  @Test func theSafeSchemeIsFarClearerThanCamVids() {
    let safe = ColourScheme.safe.palette(camvid)
    #expect(safe.count == camvid.count)
    #expect(leastDistance(safe) > 2 * leastDistance(camvid))
  }

  /// ADE20K's number of classes: all differ, and those next to each other in the list clearly.
  @Test func manyClassesDiffer() {
    let safe = ColourScheme.safe.palette([RGB](repeating: RGB(0, 0, 0), count: 150))
    #expect(leastDistance(safe) > 0.02)
    for (a, b) in zip(safe, safe.dropFirst()) { #expect(leastDistance([a, b]) > 0.06) }
  }

  @Test func moreClassesThanColoursBeginAgain() {
    let safe = ColourScheme.safe.palette([RGB](repeating: RGB(0, 0, 0), count: 300))
    #expect(safe[256] == safe[0])
  }

  /// Greys stay greys without a cone; red and green of one brightness fall together without the long or medium ones.
  @Test(arguments: ColourVision.allCases)
  func greysStayGrey(vision: ColourVision) {
    for sample in stride(from: 0, through: 255, by: 51) {
      let grey = UInt8(sample)
      let seen = vision.seen(RGB(grey, grey, grey))
      for channel in [seen.red, seen.green, seen.blue] { #expect(abs(Int(channel) - sample) <= 1) }
    }
  }

  @Test func redAndGreenFallTogetherWithoutACone() {
    let (red, green) = (RGB(190, 60, 60), RGB(100, 104, 60))
    func distance(_ vision: ColourVision) -> Float {
      let (a, b) = (Oklab(vision.seen(red)), Oklab(vision.seen(green)))
      let d = SIMD3(a.lightness - b.lightness, a.a - b.a, a.b - b.b)
      return (d * d).sum().squareRoot()
    }
    #expect(distance(.deuteranopia) < distance(.full) / 2)
    #expect(distance(.tritanopia) > distance(.full) / 2)
  }
}
