/// How optimisers walk over spans: sixteen values at a time, many threads.
enum SpanUpdate {
  /// Values that a thread does at a time.
  private static let block = 1 << 14

  /// Calls `body(offset, count, span)` for runs of values of `spans` that cover them all.
  static func forEachRun(
    _ spans: [ParameterSpan], count: Int, threads: Threads,
    _ body: (_ offset: Int, _ count: Int, _ span: ParameterSpan) -> Void
  ) {
    let runs = spans.flatMap { span in
      precondition(
        span.range.lowerBound >= 0 && span.range.upperBound <= count,
        "the span \(span.range) lies outside of \(count) parameters")
      return EvenBlocks(span.range.count, of: 16, upTo: block).map { (span, $0) }
    }
    threads.forEach(runs.count) { i, _ in
      let (span, range) = runs[i]
      body(span.range.lowerBound + range.lowerBound, range.count, span)
    }
  }
}

/// A run of values, sixteen at a time and fewer at its end.
struct LaneRun {
  /// How many values there are.
  let count: Int

  /// Calls `body` with the offset and the number of values, 16 but for the last.
  @inline(__always)
  func visit(_ body: (_ offset: Int, _ width: Int) -> Void) {
    var i = 0
    while i + 16 <= count {
      body(i, 16)
      i += 16
    }
    if i < count { body(i, count - i) }
  }
}

extension UnsafePointer<Float> {
  /// The first `width` values, zeros behind them.
  @inline(__always)
  func lanes(_ width: Int) -> Lanes {
    if width == 16 { return lanes }
    var values = Lanes()
    for i in 0..<width { values[i] = self[i] }
    return values
  }
}

extension UnsafeMutablePointer<Float> {
  /// The first `width` values, zeros behind them.
  @inline(__always)
  func lanes(_ width: Int) -> Lanes { UnsafePointer(self).lanes(width) }

  /// Writes the first `width` of `values`.
  @inline(__always)
  func store(_ values: Lanes, _ width: Int) {
    if width == 16 {
      lanes = values
    } else {
      for i in 0..<width { self[i] = values[i] }
    }
  }
}
