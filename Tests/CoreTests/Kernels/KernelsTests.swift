import CKernels
import TestSupport
import Testing

@testable import Core

/// The leaves that stand between packing and the operations' own tests, in every instruction set.
@Suite("Kernels")
struct KernelsTests {
  static let counts = [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33]

  /// A matrix product with everything that may be added to it, and its naive sums.
  private struct Product {
    let rows = 30
    let depth, columns: Int
    let precision: Precision
    let a, b, before, bias, residual: [Float]
    let sums: [Float]

    /// Factors are what the precision can hold, so that rounding them changes nothing.
    init(depth: Int, columns: Int, _ precision: Precision) {
      self.depth = depth
      self.columns = columns
      self.precision = precision
      func values(_ name: String, _ count: Int) -> [Float] {
        RandomWeights.uniform(name, seed: UInt64(depth), count: count)
      }
      func factors(_ name: String, _ count: Int) -> [Float] {
        let factors = values(name, count)
        return precision == .float32 ? factors : factors.map { $0.roundedToBFloat16 }
      }
      let (a, b) = (factors("a", rows * depth), factors("b", depth * columns))
      (self.a, self.b) = (a, b)
      before = values("before", rows * columns)
      bias = values("bias", columns)
      residual = values("residual", rows * columns)
      var sums = [Double](repeating: 0, count: rows * columns)
      for r in 0..<rows {
        for k in 0..<depth {
          let left = Double(a[r * depth + k])
          for c in 0..<columns { sums[r * columns + c] += left * Double(b[k * columns + c]) }
        }
      }
      self.sums = sums.map(Float.init)
    }

    /// What the leaf makes of the first `count` rows in place of `before`; a third more of each row must stay.
    func made(
      by kernels: Kernels, rows count: Int, accumulates: Bool, isFinished: Bool
    ) -> [Float] {
      let stride = columns + 3
      let sentinel: Float = 77
      var c = [Float](repeating: sentinel, count: count * stride)
      var addends = c
      for r in 0..<count {
        for column in 0..<columns {
          c[r * stride + column] = before[r * columns + column]
          addends[r * stride + column] = residual[r * columns + column]
        }
      }
      let packed = PackedProduct(
        b, depth: depth, columns: columns, stride: columns, precision: precision, for: kernels)
      let left = PackedFloats(count: count * Kernels.row) { left in
        a.withUnsafeBufferPointer { a in
          let sources = (0..<count).map { row in a.baseAddress.map { $0 + row * depth } }
          switch precision {
          case .float32: kernels.leaves.gather(sources, count, depth, left)
          case .bfloat16:
            left.withMemoryRebound(to: UInt16.self, capacity: 2 * count * Kernels.row) {
              kernels.leaves.gather_half(sources, count, depth, $0)
              // The caller fills an odd depth up to a pair; what the memory held may be no number.
              if depth % 2 == 1 {
                for row in 0..<count { $0[2 * row * Kernels.row + depth] = 0 }
              }
            }
          }
        }
      }
      let leaf = precision == .float32 ? kernels.leaves.product : kernels.leaves.product_half
      withExtendedLifetime((packed, left)) {
        addends.withUnsafeBufferPointer { addends in
          bias.withUnsafeBufferPointer { bias in
            var epilogue = hfgd_epilogue(
              bias: bias.baseAddress, residual: addends.baseAddress, low: 0, high: 6)
            withUnsafePointer(to: &epilogue) { epilogue in
              leaf?(
                left.base, count, packed.panels(block: 0, column: 0), precision.slots(depth),
                columns, &c, stride, accumulates ? 1 : 0, isFinished ? epilogue : nil, nil)
            }
          }
        }
      }
      return (0..<count).flatMap { r in
        let row = c[(r * stride)..<((r + 1) * stride)]
        #expect(Array(row.suffix(3)) == [sentinel, sentinel, sentinel])
        return row.prefix(columns)
      }
    }

    func expected(rows count: Int, accumulates: Bool, isFinished: Bool) -> [Float] {
      (0..<(count * columns)).map { i in
        let sum = sums[i] + (accumulates ? before[i] : 0)
        return isFinished ? min(max(sum + bias[i % columns] + residual[i], 0), 6) : sum
      }
    }
  }

  /// Every number of rows that a tile may have left over; depths below, at and above what is fetched ahead.
  @Test(
    "products agree with the naive sums", arguments: Precision.allCases, [1, 3, 47, 95, 255, 256])
  func products(_ precision: Precision, depth: Int) {
    for columns in Self.counts + [65] {
      let product = Product(depth: depth, columns: columns, precision)
      for set in InstructionSet.supported {
        for rows in 1...product.rows {
          for (accumulates, isFinished) in [(false, false), (true, false), (false, true)] {
            let made = product.made(
              by: Kernels(set), rows: rows, accumulates: accumulates, isFinished: isFinished)
            let expected = product.expected(
              rows: rows, accumulates: accumulates, isFinished: isFinished)
            #expect(
              disagreement(made, expected) < operationTolerance,
              "\(set), \(rows) × \(depth) × \(columns), \(accumulates), \(isFinished)")
          }
        }
      }
    }
  }

  /// Rows are copied whole and no further than a vector; a row that is not there becomes zeros.
  @Test(arguments: InstructionSet.supported)
  func gathersRows(_ set: InstructionSet) {
    for depth in Self.counts + [255, 256] {
      let source = RandomWeights.uniform("row", seed: 1, count: 2 * depth)
      var rows = [Float](repeating: .nan, count: 3 * Kernels.row)
      source.withUnsafeBufferPointer {
        let base = $0.baseAddress
        Kernels(set).leaves.gather([base, nil, base.map { $0 + depth }], 3, depth, &rows)
      }
      let zeros = [Float](repeating: 0, count: depth)
      let expected = [Array(source.prefix(depth)), zeros, Array(source.suffix(depth))]
      for (r, row) in expected.enumerated() {
        #expect(Array(rows[(r * Kernels.row)...].prefix(depth)) == row)
        let rest = rows[(r * Kernels.row + depth)..<((r + 1) * Kernels.row)]
        let isUntouched = rest.dropFirst(16).allSatisfy { $0.isNaN }
        #expect(isUntouched)
      }
    }
  }

  /// Rounded to the nearest, of two to the even one; what is no number stays so.
  @Test(arguments: InstructionSet.supported)
  func gathersRoundedRows(_ set: InstructionSet) {
    let special: [UInt32] = [
      0, 0x8000_0000, 0x3F80_8000, 0x3F80_8001, 0x3F81_8000, 0x3F80_7FFF, 0x7F7F_FFFF, 0x7F80_0000,
      0xFF80_0000, 0x7FC0_0000, 0x7F80_0001, 0xFFFF_FFFF, 1, 0x0000_8000, 0x0001_8000, 0x8000_8001,
    ]
    for depth in Self.counts {
      let source = (0..<depth).map { Float(bitPattern: special[$0 % special.count]) }
      var rows = [UInt16](repeating: 7, count: 4 * Kernels.row)
      source.withUnsafeBufferPointer {
        Kernels(set).leaves.gather_half([$0.baseAddress, nil], 2, depth, &rows)
      }
      #expect(Array(rows.prefix(depth)) == source.map { HalfPrecision.bf16($0) })
      #expect(rows[depth] == 7)
      let zeros = [UInt16](repeating: 0, count: depth)
      #expect(Array(rows[(2 * Kernels.row)...].prefix(depth)) == zeros)
    }
  }

  /// A matrix whose rows lie two floats further apart than they must.
  private func matrix(
    _ rows: Int, _ columns: Int, _ value: (_ row: Int, _ column: Int) -> Float
  ) -> [Float] {
    var values: [Float] = []
    for row in 0..<rows { values += (0..<columns).map { value(row, $0) } + [-1, -1] }
    return values.dropLast(2)
  }

  /// Both ways lead to the same panels; what is past the last column is zero.
  @Test(arguments: InstructionSet.supported)
  func packsPanels(_ set: InstructionSet) {
    let kernels = Kernels(set)
    let panel = kernels.panel
    for columns in Self.counts {
      for depth in [1, 3, 4, 6, 17] {
        func value(_ k: Int, _ column: Int) -> Float { Float(100 * k + column + 1) }
        let plain = matrix(depth, columns) { value($0, $1) }
        let transposed = matrix(columns, depth) { value($1, $0) }
        var expected: [Float] = []
        for first in stride(from: 0, to: columns, by: panel) {
          for k in 0..<depth {
            expected += (first..<(first + panel)).map { $0 < columns ? value(k, $0) : 0 }
          }
        }
        var panels = [Float](repeating: .nan, count: depth * kernels.padded(columns))
        kernels.leaves.pack(plain, columns + 2, depth, columns, &panels)
        #expect(panels == expected)
        panels = [Float](repeating: .nan, count: panels.count)
        kernels.leaves.pack_transposed(transposed, depth + 2, depth, columns, &panels)
        #expect(panels == expected)
      }
    }
  }

  /// Also where the scores are too large for single precision to tell neighbours apart.
  @Test(arguments: InstructionSet.supported, [1, 1e-3, 1e12] as [Float])
  func exponentials(_ set: InstructionSet, size: Float) {
    for count in Self.counts + [193] {
      var row = RandomWeights.uniform("row", seed: 1, count: count).map { 8 * size * $0 }
      for i in stride(from: 0, to: count, by: 3) { row[i] = 7 * size }
      let expected = softmaxReference(row.map { 0.7 * Double($0) }).map(Float.init)
      let total = Kernels(set).leaves.exponentials(&row, count, 0.7)
      let shares = row.map { $0 / total }
      #expect(disagreement(shares, expected) < operationTolerance)
    }
  }

  @Test(arguments: InstructionSet.supported)
  func scaledRows(_ set: InstructionSet) {
    let leaves = Kernels(set).leaves
    for count in Self.counts {
      let x = RandomWeights.uniform("x", seed: 1, count: count)
      let before = RandomWeights.uniform("y", seed: 2, count: count)
      var y = before
      leaves.add_scaled(x, count, 0.3, &y)
      let sums = zip(before, x).map { $0 + 0.3 * $1 }
      #expect(disagreement(y, sums) < operationTolerance)
      leaves.scale(x, count, 0.3, &y)
      let products = x.map { 0.3 * $0 }
      #expect(y == products)
    }
  }
}

extension Float {
  /// The nearest bfloat16.
  var roundedToBFloat16: Float { HalfPrecision.float(bf16: HalfPrecision.bf16(self)) }
}
