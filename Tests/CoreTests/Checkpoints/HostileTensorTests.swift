import Testing

@testable import Core

/// Tensors of a PyTorch file that claim what they do not have.
@Suite struct HostileTensorTests {
  @Test(arguments: [
    ([2, 3], [3, 1], 0, 6), ([3, 2], [1, 3], 0, 6), ([], [], 5, 6), ([4], [0], 5, 6),
    ([0, 5], [1 << 40, 1], 0, 0), ([1, 1], [1 << 60, 7], 0, 1),
  ])
  func viewsInsideTheirStorageAreRead(
    _ shape: [Int], _ strides: [Int], _ offset: Int, _ count: Int
  ) throws {
    let range = try TorchObjects.extent(shape, strides, offset, in: count, "t")
    #expect(range.upperBound <= count)
  }

  @Test(
    arguments: [
      ([2, 3], [3, 1], 1, 6, TorchFailure.outsideStorage("t")),
      ([2], [Int.max], 1, 6, .outsideStorage("t")),
      ([Int.max, Int.max, 0], [1, 1, 1], 0, 6, .outsideStorage("t")),
      ([-1], [1], 0, 6, .badTensor("t")), ([1], [-1], 0, 6, .badTensor("t")),
      ([1], [1], -1, 6, .badTensor("t")), ([1, 1], [1], 0, 6, .badTensor("t")),
      ([1 << 40], [0], 0, 6, .expanded("t", elements: 1 << 40, stored: 6)),
      ([1 << 20, 1 << 20], [0, 0], 0, 1, .expanded("t", elements: 1 << 40, stored: 1)),
    ] as [([Int], [Int], Int, Int, TorchFailure)])
  func viewsBeyondTheirStorageAreRefused(
    _ shape: [Int], _ strides: [Int], _ offset: Int, _ count: Int, _ failure: TorchFailure
  ) {
    #expect(throws: failure) {
      try TorchObjects.extent(shape, strides, offset, in: count, "t")
    }
  }
}
