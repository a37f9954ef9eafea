import Core

/// How far two sets of values lie apart: max|Δ| / max|reference|, the project's one measure.
///
/// A NaN anywhere, or different counts, is infinitely far.
public func disagreement(_ values: [Float], _ reference: [Float]) -> Float {
  guard values.count == reference.count else { return .infinity }
  var largest: Float = 0
  var difference: Float = 0
  for (value, expected) in zip(values, reference) {
    guard (value - expected).isFinite else { return .infinity }
    difference = max(difference, abs(value - expected))
    largest = max(largest, abs(expected))
  }
  if difference == 0 { return 0 }
  return largest == 0 ? .infinity : difference / largest
}

/// The measure over two tensors; infinite where the shapes differ.
public func disagreement(_ tensor: Tensor, _ reference: Tensor) -> Float {
  tensor.shape == reference.shape ? disagreement(tensor.values, reference.values) : .infinity
}

/// The Euclidean length of a vector, summed in double precision.
public func length(_ values: [Float]) -> Double {
  values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
}

/// The elements of one vector less those of another.
public func difference(_ values: [Float], _ others: [Float]) -> [Float] {
  zip(values, others).map { $0 - $1 }
}

/// What different orders of summation may do to float32: kernels that multiply and add directly, whole models too.
public let directTolerance: Float = 1e-4

/// What one operation may differ from its double-precision twin: sums of a few thousand products, each rounded to 2⁻²⁴.
public let operationTolerance: Float = 1e-5

/// What one 3×3 convolution in Winograd's form may differ: its transforms multiply by up to 21/4 before sums that cancel.
public let winogradTolerance: Float = 1e-4
