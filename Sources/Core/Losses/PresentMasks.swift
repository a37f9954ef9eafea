import Glibc

/// The masks of the classes that a picture has, resized to it a row at a time.
struct PresentMasks {
  private let numbers: [Int]
  private let labels: UnsafePointer<Float>
  private let (h, w, channels, height, width): (Int, Int, Int, Int, Int)
  private let image: Int
  private let vertical, horizontal: [LinePositions.Neighbours]
  /// The masks, `[h, w, numbers]`, and two rows for each thread.
  private let masks, rows: UnsafeMutablePointer<Float>
  private let kernels = Kernels.current

  /// Floats of scratch memory for any picture of a batch.
  static func scratchCount(_ masks: Shape, labels: Shape, _ threads: Threads) -> Int {
    roundedToCacheLine(masks.h * masks.w * masks.c)
      + threads.count * roundedToCacheLine((masks.w + labels.w) * masks.c)
  }

  /// The masks of the classes `numbers` of picture `n`.
  init(
    _ masks: TensorView, _ labels: TensorView, image n: Int, _ numbers: [Int], stride: Int,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    self.numbers = numbers
    image = n
    (h, w, channels) = (masks.shape.h, masks.shape.w, masks.shape.c)
    (height, width) = (labels.shape.h, labels.shape.w)
    self.labels = labels.base + n * height * width
    vertical = MaskClassification.neighbours(size: h, stride: stride, count: height)
    horizontal = MaskClassification.neighbours(size: w, stride: stride, count: width)
    self.masks = scratch
    rows = scratch + roundedToCacheLine(h * w * channels)
    for pixel in 0..<(h * w) {
      let source = masks.base + (n * h * w + pixel) * channels
      for (k, number) in numbers.enumerated() {
        scratch[pixel * numbers.count + k] = source[number]
      }
    }
  }

  private var count: Int { numbers.count }

  /// The sums of one mask over the picture's pixels.
  struct Sums {
    /// Σ F.
    var focal = 0.0
    /// I, P and Y.
    var shared = 0.0, predicted = 0.0, labelled = 0.0

    /// U.
    var union: Double { predicted + labelled + 1 }
    /// (2·I + 1) / U.
    var ratio: Double { (2 * shared + 1) / union }
  }

  /// Rows of a task.
  private static let block = 8

  /// The sums of each mask, in an order that does not depend on the threads.
  func sums(_ threads: Threads) -> [Sums] {
    guard count > 0 else { return [] }
    let blocks = (height + Self.block - 1) / Self.block
    var parts = [Sums](repeating: Sums(), count: blocks * count)
    parts.withUnsafeMutableBufferPointer { parts in
      nonisolated(unsafe) let parts = parts
      threads.forEach(height, by: Self.block) { lines, worker in
        let first = lines.lowerBound / Self.block * count
        for line in lines {
          let row = resizedRow(line, worker)
          forEachValue(of: line) { index, k, isInside in
            let point = MaskPoint(row[index])
            parts[first + k].focal += Double(point.focal(isInside))
            parts[first + k].predicted += Double(point.share)
            if isInside {
              parts[first + k].shared += Double(point.share)
              parts[first + k].labelled += 1
            }
          }
        }
      }
    }
    return (0..<count).map { k in
      (0..<blocks).reduce(into: Sums()) { sums, block in
        let part = parts[block * count + k]
        sums.focal += part.focal
        sums.shared += part.shared
        sums.predicted += part.predicted
        sums.labelled += part.labelled
      }
    }
  }

  /// Adds the gradient of each mask to its channel of `output`; `parts` has room for two rows for each row of the masks.
  ///
  /// Rows of the picture between the same two rows of the masks are one task, which has sums of its own for both.
  func addGradient(
    _ slopes: [MaskSlopes], to output: MutableTensorView, _ parts: UnsafeMutablePointer<Float>,
    _ threads: Threads
  ) {
    guard count > 0 else { return }
    let row = w * count
    var lines = [[Int]](repeating: [], count: h)
    for (line, sample) in vertical.enumerated() { lines[sample.first].append(line) }
    threads.forEach(h) { interval, worker in
      let part = parts + interval * 2 * row
      part.update(repeating: 0, count: 2 * row)
      for line in lines[interval] {
        let values = resizedRow(line, worker)
        forEachValue(of: line) { index, k, isInside in
          values[index] = MaskPoint(values[index]).slope(slopes[k], isInside)
        }
        let mixed = mixedRow(worker)
        mixed.update(repeating: 0, count: row)
        kernels.leaves.resize_row_gradient(values, horizontal, width, count, mixed)
        kernels.leaves.add_scaled(mixed, row, 1 - vertical[line].share, part)
        kernels.leaves.add_scaled(mixed, row, vertical[line].share, part + row)
      }
    }
    for interval in 0..<h {
      for (target, source) in [(interval, 0), (min(interval + 1, h - 1), 1)] {
        let part = parts + (2 * interval + source) * row
        for x in 0..<w {
          let pixel = output.base + ((image * h + target) * w + x) * channels
          for (k, number) in numbers.enumerated() { pixel[number] += part[x * count + k] }
        }
      }
    }
  }

  private func mixedRow(_ worker: Int) -> UnsafeMutablePointer<Float> {
    rows + worker * roundedToCacheLine((w + width) * channels)
  }

  /// A row of the picture: `[width, numbers]`.
  private func resizedRow(_ line: Int, _ worker: Int) -> UnsafeMutablePointer<Float> {
    let mixed = mixedRow(worker)
    let row = mixed + w * count
    let (top, bottom) = (vertical[line].first, vertical[line].second)
    kernels.leaves.mix(
      masks + top * w * count, masks + bottom * w * count, vertical[line].share, w * count, mixed)
    kernels.leaves.resize_row(mixed, horizontal, width, count, nil, -.infinity, .infinity, row)
    return row
  }

  /// Calls `body` with each value's index in a row, its mask and whether the pixel is of the mask's class.
  private func forEachValue(
    of line: Int, _ body: (_ index: Int, _ k: Int, _ isInside: Bool) -> Void
  ) {
    for x in 0..<width {
      let label = labels[line * width + x]
      for k in 0..<count { body(x * count + k, k, label == Float(numbers[k])) }
    }
  }
}

/// A mask's value at a pixel and what follows from it.
struct MaskPoint {
  /// σ.
  let share: Float
  /// −log σ and −log(1 − σ).
  private let missed, mistaken: Float

  init(_ x: Float) {
    // Neither exponential nor logarithm sees anything large.
    let e = expf(-abs(x))
    let small = log1pf(e)
    share = x < 0 ? e / (1 + e) : 1 / (1 + e)
    missed = max(-x, 0) + small
    mistaken = max(x, 0) + small
  }

  /// F.
  func focal(_ isInside: Bool) -> Float {
    isInside
      ? MaskLoss.alpha * (1 - share) * (1 - share) * missed
      : (1 - MaskLoss.alpha) * share * share * mistaken
  }

  /// ∂x.
  func slope(_ slopes: MaskSlopes, _ isInside: Bool) -> Float {
    let other = 1 - share
    let focal =
      isInside
      ? -MaskLoss.alpha * other * other * (other + 2 * share * missed)
      : (1 - MaskLoss.alpha) * share * share * (share + 2 * other * mistaken)
    return slopes.focal * focal + (slopes.common - (isInside ? slopes.own : 0)) * share * other
  }
}
