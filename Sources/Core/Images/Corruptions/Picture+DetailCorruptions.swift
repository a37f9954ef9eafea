extension Picture {
  /// What JPEG leaves of the picture at a quality from 1 to 100.
  func throughJPEG(quality: Int) -> Picture {
    do throws(CodecFailure) {
      return try JPEG.decodePicture(JPEG.encode(self, quality: quality), maxPixels: width * height)
    } catch {
      preconditionFailure("\(width)×\(height) pixels in memory cannot pass JPEG: \(error)")
    }
  }

  /// Each block of pixels in its mean, so many blocks that `share` of the columns and rows is left, at least one.
  ///
  /// Blocks are of whole pixels, where the paper's program weighs those on their borders.
  func pixelated(to share: Double) -> Picture {
    let across = Self.blocks(width, share)
    let down = Self.blocks(height, share)
    var pixelated = self
    for rows in down {
      for columns in across {
        var sums = SIMD3<Int>()
        for y in rows {
          for x in columns {
            let colour = self[x, y]
            sums &+= SIMD3(Int(colour.red), Int(colour.green), Int(colour.blue))
          }
        }
        let count = rows.count * columns.count
        let means = (sums &+ count / 2) / SIMD3(repeating: count)
        let mean = RGB(UInt8(means.x), UInt8(means.y), UInt8(means.z))
        for y in rows { for x in columns { pixelated[x, y] = mean } }
      }
    }
    return pixelated
  }

  private static func blocks(_ side: Int, _ share: Double) -> [Range<Int>] {
    let count = max(1, Int(Double(side) * share))
    return (0..<count).map { ($0 * side / count)..<(($0 + 1) * side / count) }
  }

  /// A grey square somewhere before the picture, its side a share of the shorter one.
  func occluded(side share: Double, _ random: inout SplitMix64) -> Picture {
    let side = max(1, Int((Double(min(width, height)) * share).rounded()))
    let left = Int.random(in: 0...(width - side), using: &random)
    let top = Int.random(in: 0...(height - side), using: &random)
    var occluded = self
    let grey = [UInt8](repeating: 128, count: 3 * side)
    for y in top..<(top + side) {
      let start = 3 * (y * width + left)
      occluded.samples.replaceSubrange(start..<(start + 3 * side), with: grey)
    }
    return occluded
  }
}
