/// Memory for one run at a time, kept from run to run so that the system need not hand out fresh pages again.
public final class Arena {
  private var base: UnsafeMutablePointer<Float>?
  private var capacity = 0

  /// An arena without memory.
  public init() {}

  deinit { base.map { UnsafeMutableRawPointer($0).deallocate() } }

  /// At least `count` floats, aligned to a cache line; what they held before is lost when the arena has to grow.
  func reserve(_ count: Int) -> UnsafeMutablePointer<Float> {
    if let base, count <= capacity { return base }
    base.map { UnsafeMutableRawPointer($0).deallocate() }
    capacity = max(count, 16)
    let fresh = UnsafeMutablePointer<Float>.allocateAligned(capacity)
    base = fresh
    return fresh
  }
}
