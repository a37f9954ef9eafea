import ArgumentParser
import Foundation

/// A demand on a result, such as `mIoU>=59.9` or `IoU.Car>80`; percent.
struct Expectation: ExpressibleByArgument {
  let text, name: String
  let value: Double
  private let holds: @Sendable (Double, Double) -> Bool

  init?(argument: String) {
    let comparisons: [(String, @Sendable (Double, Double) -> Bool)] = [
      (">=", { $0 >= $1 }), ("<=", { $0 <= $1 }), (">", { $0 > $1 }), ("<", { $0 < $1 }),
    ]
    for (sign, holds) in comparisons {
      guard let range = argument.range(of: sign) else { continue }
      let name = argument[..<range.lowerBound].trimmingCharacters(in: .whitespaces)
      guard !name.isEmpty, !name.hasSuffix("="),
        let value = Double(argument[range.upperBound...].trimmingCharacters(in: .whitespaces))
      else { return nil }
      (text, self.name, self.value, self.holds) = (argument, name, value, holds)
      return
    }
    return nil
  }

  /// Whether `measured` is as demanded; what does not exist is not.
  func isMet(by measured: Double) -> Bool { holds(measured, value) }
}
