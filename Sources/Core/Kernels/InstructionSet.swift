import CKernels
import Glibc

/// What the hot leaves are compiled for; the best that the processor has is taken unless `HFGD_ISA` names another.
public enum InstructionSet: String, Sendable, CaseIterable, Comparable {
  /// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
  case baseline
  /// AVX2 and FMA.
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512
  /// The same and AVX-512 BF16.
  case avx512BF16 = "avx512_bf16"

  /// The environment variable that names the set to use.
  public static let variable = "HFGD_ISA"

  /// The sets that this processor has, from the least to the most.
  public static let supported = allCases.filter { hfgd_kernels_for($0.code) != nil }

  /// The set that all models use: what ``requested()`` says, else the best supported one.
  public static let current: InstructionSet =
    (try? requested()) ?? supported.last ?? .baseline

  /// The set that `HFGD_ISA` names, `nil` where it is unset or empty.
  public static func requested() throws(InstructionSetFailure) -> InstructionSet? {
    guard let value = getenv(variable).map({ String(cString: $0) }), !value.isEmpty else {
      return nil
    }
    guard let set = InstructionSet(rawValue: value), supported.contains(set) else {
      throw InstructionSetFailure(requested: value)
    }
    return set
  }

  /// Ordered by what they contain.
  public static func < (a: InstructionSet, b: InstructionSet) -> Bool {
    a.code.rawValue < b.code.rawValue
  }

  var code: hfgd_set {
    switch self {
    case .baseline: HFGD_BASELINE
    case .avx2: HFGD_AVX2
    case .avx512: HFGD_AVX512
    case .avx512BF16: HFGD_AVX512_BF16
    }
  }
}

/// `HFGD_ISA` names a set that this processor or program has not.
public struct InstructionSetFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The variable's value.
  public let requested: String

  /// What was asked for and what there is.
  public var description: String {
    let names = InstructionSet.supported.map(\.rawValue).joined(separator: ", ")
    return "\(InstructionSet.variable)=\(requested) names no instruction set of this processor; "
      + "use one of \(names), or unset it"
  }
}
