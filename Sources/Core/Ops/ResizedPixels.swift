/// The pixels of a picture over logits on a coarser grid: which four logits each lies between.
///
/// They are visited one after the other, without an array of resized logits.
struct ResizedPixels: Sendable {
  /// One per row and one per column of the picture.
  let rows, columns: [LinePositions.Neighbours]
  var kernels = Kernels.current

  /// The picture's size in pixels.
  var width: Int { columns.count }
  var height: Int { rows.count }

  /// A picture of `width` × `height` whose pixels lie at `horizontal` and `vertical` on a grid of the size of `shape`.
  init(
    width: Int, height: Int, horizontal: LinePositions, vertical: LinePositions, over shape: Shape
  ) {
    rows = vertical.neighbours(count: height, size: shape.h)
    columns = horizontal.neighbours(count: width, size: shape.w)
  }

  /// The upper left `width` × `height` pixels of `frame`, which a grid of the size of `shape` covers.
  init(width: Int, height: Int, frame: InputFrame, over shape: Shape) {
    precondition(
      height <= frame.height && width <= frame.width,
      "a \(width)×\(height) picture does not fit an input of \(frame.width)×\(frame.height)")
    self.init(
      width: width, height: height, horizontal: frame.columns.positions(on: shape.w),
      vertical: frame.rows.positions(on: shape.h), over: shape)
  }

  /// The pixels of `shape` themselves.
  init(everyPixelOf shape: Shape) {
    self.init(
      width: shape.w, height: shape.h, horizontal: .identity, vertical: .identity, over: shape)
  }

  /// Calls `body(pixel, a, b, share)` for every pixel of the first image of `logits`; the pixel's logits are
  /// (1 − share)·a + share·b.
  ///
  /// `a` and `b` hold one value a class and may be read up to 15 values too far, in whole vectors. The arithmetic is that
  /// of ``Resize``: rows are mixed downwards first.
  @inline(__always)
  func forEach(
    of logits: TensorView, threads: Threads,
    _ body: (_ pixel: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ share: Float) ->
      Void
  ) {
    let classes = logits.shape.c
    forEachRow(of: logits, threads: threads) { i, row, columns in
      for j in 0..<width {
        let column = columns[j]
        body(
          i * width + j, row + column.first * classes, row + column.second * classes, column.share)
      }
    }
  }

  /// Calls `body(i, row, columns)` for every row i of the picture: the logits mixed downwards, and where its pixels lie
  /// among them.
  func forEachRow(
    of logits: TensorView, threads: Threads,
    _ body: (
      _ i: Int, _ row: UnsafePointer<Float>, _ columns: UnsafePointer<LinePositions.Neighbours>
    )
      -> Void
  ) {
    let room = logits.shape.w * logits.shape.c + 16
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: threads.count * room)
    scratch.initialize(repeating: 0, count: threads.count * room)
    defer { scratch.deallocate() }
    columns.withUnsafeBufferPointer { columns in
      guard let columns = columns.baseAddress else { return }
      threads.forEach(height, by: 4) { chunk, worker in
        let mixed = scratch + worker * room
        for i in chunk {
          kernels.mixRows(of: logits, image: 0, at: rows[i], into: mixed)
          body(i, mixed, columns)
        }
      }
    }
  }
}

extension Tensor {
  /// The scores of every pixel of `grid` over the first image of `logits`, `[1, height, width, classes]`.
  init(of logits: TensorView, at grid: ResizedPixels, threads: Threads) {
    let classes = logits.shape.c
    self.init(Shape(h: grid.height, w: grid.width, c: classes)) { output in
      grid.forEachRow(of: logits, threads: threads) { i, row, columns in
        grid.kernels.leaves.resize_row(
          row, columns, grid.width, classes, nil, -.infinity, .infinity,
          output + i * grid.width * classes)
      }
    }
  }
}
