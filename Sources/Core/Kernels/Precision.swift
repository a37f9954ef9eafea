/// The numbers that matrix products multiply; sums, and everything between the products, are float32 in either case.
public enum Precision: String, Sendable, CaseIterable {
  /// float32.
  case float32 = "f32"
  /// bfloat16: float32's range with 8 bits of precision, half the memory, and twice the products a second where the
  /// processor has AVX-512 BF16; elsewhere the same values are computed with float32's instructions, at less speed.
  ///
  /// It is used in convolutions that are products as they stand. 3×3 convolutions in Winograd's form stay float32:
  /// they save more by their form, which bfloat16 would not survive. So do the scores of attention.
  case bfloat16 = "bf16"

  /// Values that take a float's place in a packed matrix.
  var valuesPerSlot: Int { self == .float32 ? 1 : 2 }
  /// Values of one block of depth in a product.
  var depth: Int { Kernels.depth * valuesPerSlot }

  /// The places that `values` values of a row take.
  func slots(_ values: Int) -> Int { (values + valuesPerSlot - 1) / valuesPerSlot }
}
