import Testing

@testable import Viz

@Suite("Fixed decimals")
struct FixedDecimalsTests {
  @Test(arguments: [
    (2.5, 1, "2.5"), (-0.05, 2, "-0.05"), (0.9996, 3, "1.000"), (12, 0, "12"),
    (1e300, 2, "1e+300"), (-1e19, 0, "-1e+19"), (.infinity, 2, "inf"), (.nan, 1, "nan"),
  ])
  func everyNumberIsWritten(value: Double, decimals: Int, text: String) {
    #expect(value.fixed(decimals: decimals) == text)
  }
}
