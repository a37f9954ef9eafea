import Core
import Testing

@Suite("Rate of the matrix product")
struct ProductRateTests {
  @Test(arguments: [1, 3])
  func isANumberOfOperations(threads: Int) {
    let rate = Threads(threads).matrixProductRate()
    // One product a minute would be less than the first, no processor is faster than the second.
    #expect(rate.isFinite && rate > 2e7 && rate < 1e15)
  }
}
