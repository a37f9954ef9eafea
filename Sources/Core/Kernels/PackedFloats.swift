import Glibc

/// Floats in the order that a leaf reads them, aligned to cache lines; written once, when they are made.
///
/// They have memory of their own, or lie in scratch memory that outlives them.
final class PackedFloats: Sendable {
  /// The first value.
  nonisolated(unsafe) let base: UnsafePointer<Float>
  /// The number of values.
  let count: Int
  private let isOwner: Bool

  /// `count` values, each of which `fill` writes, in `scratch` where that is given.
  init(
    count: Int, in scratch: UnsafeMutablePointer<Float>? = nil,
    _ fill: (UnsafeMutablePointer<Float>) -> Void
  ) {
    let floats = scratch ?? UnsafeMutablePointer<Float>.allocateAligned(count)
    fill(floats)
    base = UnsafePointer(floats)
    self.count = count
    isOwner = scratch == nil
  }

  deinit { if isOwner { UnsafeMutableRawPointer(mutating: base).deallocate() } }
}

extension UnsafeMutablePointer<Float> {
  /// Memory from this size on comes in huge pages, where the system has them: fewer faults when it is first written and
  /// fewer misses of the address cache afterwards.
  private static var hugePage: Int { 1 << 21 }

  /// Room for `count` floats, aligned to cache lines; to be given back with `deallocate` of a raw pointer.
  static func allocateAligned(_ count: Int) -> UnsafeMutablePointer<Float> {
    let bytes = max(64, count * MemoryLayout<Float>.stride)
    let isHuge = bytes >= hugePage
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isHuge ? hugePage : 64)
    // Only advice: where it is not taken, ordinary pages serve.
    if isHuge { madvise(memory, bytes, MADV_HUGEPAGE) }
    return memory.bindMemory(to: Float.self, capacity: max(16, count))
  }
}
