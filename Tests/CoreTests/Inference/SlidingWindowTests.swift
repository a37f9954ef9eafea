import Testing

@testable import Core

@Suite("Sliding windows")
struct SlidingWindowTests {
  /// mmsegmentation's `slide_inference`, line by line.
  private func mmseg(_ length: Int, _ crop: Int, _ stride: Int) -> [Range<Int>] {
    let grids = max(length - crop + stride - 1, 0) / stride + 1
    return (0..<grids).map { i in
      var start = i * stride
      let end = min(start + crop, length)
      start = max(end - crop, 0)
      return start..<end
    }
  }

  /// iSeg's `get_sliding_start_indexs_v2`, line by line, for a window that is first cut to the picture.
  private func authors(_ length: Int, _ window: Int) -> [Range<Int>] {
    let crop = min(window, length)
    let stride = Int(Float(2.0 / 3.0) * Float(crop))
    let times = (length - crop) / stride + 1
    var starts = (0..<times).map { $0 * stride }
    if length - (times - 1) * stride > crop { starts.append(length - crop) }
    return starts.map { $0..<($0 + crop) }
  }

  @Test func agreesWithMMSegmentation() {
    for length in 1...70 {
      for (crop, stride) in [(1, 1), (7, 3), (8, 8), (33, 22), (32, 21), (69, 46), (70, 1)] {
        let window = SlidingWindow(
          width: crop, height: crop, horizontalStride: stride, verticalStride: stride)
        #expect(window.columns(of: length) == mmseg(length, crop, stride))
        #expect(window.rows(of: length) == mmseg(length, crop, stride))
      }
    }
  }

  @Test func agreesWithTheAuthors() {
    for (length, crop) in [
      (2049, 769), (1025, 769), (769, 769), (770, 769), (500, 769), (513, 65), (514, 65), (97, 2),
      (1281, 513), (1282, 513), (641, 641), (3, 3),
    ] {
      let window = SlidingWindow(width: crop, height: 9)
      #expect(window.columns(of: length) == authors(length, crop), "\(length) \(crop)")
    }
    #expect(SlidingWindow(width: 769, height: 1).horizontalStride == 512)
    #expect(SlidingWindow(width: 769, height: 1).verticalStride == 1)
  }

  /// Every pixel is hit, windows keep inside, none is twice the same.
  @Test func allIsCovered() {
    for length in [1, 5, 32, 33, 34, 61, 64, 65, 100] {
      for (crop, stride) in [(32, 21), (32, 32), (5, 2), (1, 1)] {
        let spans = SlidingWindow(
          width: crop, height: crop, horizontalStride: stride, verticalStride: stride
        ).columns(of: length)
        #expect(Set(spans.flatMap { $0 }) == Set(0..<length))
        #expect(spans.allSatisfy { $0.count == min(crop, length) && $0.upperBound <= length })
        #expect(Set(spans).count == spans.count)
      }
    }
  }
}
