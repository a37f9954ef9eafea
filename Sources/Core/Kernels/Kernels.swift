import CKernels

/// One instruction set's leaves: functions on raw memory that the operations are made of.
struct Kernels: Sendable {
  /// The functions; constant for the life of the program.
  private nonisolated(unsafe) let table: UnsafePointer<hfgd_kernels>

  /// The leaves for a set that this processor has.
  init(_ set: InstructionSet) {
    guard let table = hfgd_kernels_for(set.code) else {
      preconditionFailure("this processor has \(InstructionSet.supported), not \(set)")
    }
    self.table = table
  }

  /// The leaves that all models use.
  static let current = Kernels(.current)

  /// The leaves themselves.
  var leaves: hfgd_kernels { table.pointee }

  /// Depth of one block of a product.
  static let depth = Int(HFGD_DEPTH)
  /// Floats between the rows of a product's left side.
  static let row = Int(HFGD_ROW)

  /// Columns of a packed panel.
  var panel: Int { table.pointee.panel }
  /// Rows that a product makes at once.
  var rows: Int { table.pointee.rows }

  /// How many columns `columns` take in whole panels.
  func padded(_ columns: Int) -> Int { (columns + panel - 1) / panel * panel }
}

extension Activation {
  /// The bounds that a value is clamped to; GELU is no clamp and leaves them open.
  var bounds: (low: Float, high: Float) {
    switch self {
    case .identity, .gelu: (-.infinity, .infinity)
    case .relu: (0, .infinity)
    case .relu6: (0, 6)
    }
  }
}
