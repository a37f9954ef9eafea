import Core

/// A crop of a picture as light at another size, made a band of rows at a time so that it stays in the cache.
///
/// A pixel of light is red, green, blue, each in [0, 1], and 0.
struct LightScaler {
  private let picture: Picture
  private let across, down: Taps

  /// Light of `across.windows.count` × `down.windows.count` pixels.
  init(_ picture: Picture, across: Taps, down: Taps) {
    self.picture = picture
    self.across = across
    self.down = down
  }

  /// Light of `width` × `height` pixels; see `Taps.resampling`.
  init(_ picture: Picture, crop: Crop?, width: Int, height: Int) {
    let crop = crop ?? Crop(picture)
    self.init(
      picture,
      across: .resampling(crop.x, crop.width, of: picture.width, scaled: width),
      down: .resampling(crop.y, crop.height, of: picture.height, scaled: height))
  }

  /// Calls `body` for bands of `bandRows` rows from the top, the last of which may have fewer, each with its light.
  ///
  /// The light of a band is overwritten by the next: all bands share one allocation, for memory that is returned to the
  /// system after each costs more than the work done in it.
  func forEachBand(of bandRows: Int, _ body: (Range<Int>, UnsafePointer<SIMD4<Float>>) -> Void) {
    let width = across.windows.count
    let span = across.source.count
    withUnsafeTemporaryAllocation(
      of: SIMD4<Float>.self, capacity: bandRows * width + (bandRows + 1) * span
    ) { buffer in
      guard let light = buffer.baseAddress else { return }
      for first in stride(from: 0, to: down.windows.count, by: bandRows) {
        let rows = first..<min(first + bandRows, down.windows.count)
        write(rows: rows, to: light, scratch: light + bandRows * width)
        body(rows, light)
      }
    }
  }

  /// Writes the scaled rows `rows` to `light`; `scratch` has room for a source row and a sum of such for each of `rows`.
  private func write(
    rows: Range<Int>, to light: UnsafeMutablePointer<SIMD4<Float>>,
    scratch line: UnsafeMutablePointer<SIMD4<Float>>
  ) {
    let columns = across.source
    let span = columns.count
    let sums = line + span
    for i in 0..<(rows.count * span) { sums[i] = .zero }
    for y in down.source(of: rows) {
      readLight(row: y, columns, into: line)
      for (i, row) in rows.enumerated() {
        let window = down.windows[row]
        guard y >= window.first, y < window.first + window.count else { continue }
        let weight = down.weights[window.weights + y - window.first]
        let sum = sums + i * span
        for x in 0..<span { sum[x] += weight * line[x] }
      }
    }
    for i in 0..<rows.count {
      blend(sums + i * span, from: columns.lowerBound, into: light + i * across.windows.count)
    }
  }

  private func readLight(
    row y: Int, _ columns: Range<Int>, into line: UnsafeMutablePointer<SIMD4<Float>>
  ) {
    LinearLight.ofSample.withUnsafeBufferPointer { light in
      picture.samples.withUnsafeBufferPointer { samples in
        guard let light = light.baseAddress, let samples = samples.baseAddress else { return }
        let row = samples + 3 * (y * picture.width + columns.lowerBound)
        for x in 0..<columns.count {
          line[x] = SIMD4(
            light[Int(row[3 * x])], light[Int(row[3 * x + 1])], light[Int(row[3 * x + 2])], 0)
        }
      }
    }
  }

  private func blend(
    _ line: UnsafePointer<SIMD4<Float>>, from first: Int,
    into scaled: UnsafeMutablePointer<SIMD4<Float>>
  ) {
    across.windows.withUnsafeBufferPointer { windows in
      across.weights.withUnsafeBufferPointer { weights in
        guard let weights = weights.baseAddress else { return }
        for x in 0..<windows.count {
          let window = windows[x]
          let source = line + (window.first - first)
          let shares = weights + window.weights
          var sum = SIMD4<Float>.zero
          for i in 0..<window.count { sum += shares[i] * source[i] }
          // The cubic swings beyond its samples at edges; there is no light below none or above white.
          sum.replace(with: 0, where: sum .< 0)
          sum.replace(with: 1, where: sum .> 1)
          scaled[x] = sum
        }
      }
    }
  }
}
