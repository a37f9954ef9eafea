/// Who asks whether a sample is covered.
enum Purpose {
  /// The picture: every bar and twig counts.
  case picture
  /// The sun: twigs let through about half of its light.
  case shadow
  /// The label map: as CamVid's annotators did, a railing and a bare crown are filled in, since their
  /// gaps are finer than any brush. Leafy crowns keep their holes.
  case label
}

extension Cut {
  /// True where the surface covers the point (u, v) of its plane.
  @inline(__always) func covers(_ u: Float, _ v: Float, for purpose: Purpose) -> Bool {
    switch self {
    case .whole:
      return true
    case .capsule(let length, let radius, let endRadius):
      let along = min(max(u, 0), length)
      let r = length > 0 ? radius + (endRadius - radius) * (along / length) : radius
      let beyond = u - along
      return beyond * beyond + v * v <= r * r
    case .leaves(let radius, let seed):
      let d = (u * u + v * v) / (radius * radius)
      if d > 1 { return false }
      let lumps = Noise.value(u * 2.2, v * 2.2, seed)
      let rest = 0.62 * lumps + 0.62 - d * 0.85
      if rest > 0.83 { return true }
      if rest + 0.38 < 0.45 { return false }
      return rest + 0.38 * Noise.value(u * 8, v * 8, seed &+ 1) > 0.45
    case .twigs(let radius, let seed):
      let d = (u * u + v * v) / (radius * radius)
      if d > 1 { return false }
      let lumps = Noise.value(u * 1.6, v * 1.6, seed)
      if d > 0.45 + 0.55 * lumps { return false }
      if purpose == .label { return true }
      if purpose == .shadow { return lumps > 0.5 }
      // Crests along the rays from the lower end: branches that fan out and fork.
      let rise = v + radius * 1.3
      let reach = (u * u + rise * rise).squareRoot()
      let fan = u / reach
      let out = reach / radius
      let branch = Noise.value(fan * 9 + 0.8 * lumps, out * 1.6, seed &+ 1) - 0.5
      if abs(branch) < 0.045 * (1.5 - d) { return true }
      let side = u * 0.8 + v * 0.6
      let twig = Noise.value(side * 6.5, (v - u) * 2.6, seed &+ 2) - 0.5
      if abs(twig) < 0.05 * (1.5 - d) { return true }
      let other = Noise.value((u * 0.8 - v * 0.6) * 8.5, (u + v) * 3, seed &+ 3) - 0.5
      return abs(other) < 0.045 * (1.5 - d)
    case .railing(let spacing, let bar, let height):
      if purpose == .label || v < 0.14 && v > 0.09 { return true }
      if v > height - 0.13 && v < height - 0.09 { return true }
      return wrap(u, spacing) < bar
    case .rectangle(let halfWidth, let halfHeight):
      return abs(u) <= halfWidth && abs(v) <= halfHeight
    case .wheel(let radius):
      let r2 = u * u + v * v
      let inner = radius - 0.045
      if r2 > inner * inner { return r2 <= radius * radius }
      if purpose == .label || r2 < 0.0016 { return true }
      // Six spokes: three lines through the hub.
      let slanted = 0.577 * u
      return abs(v) < 0.006 || abs(v - slanted * 3) < 0.012 || abs(v + slanted * 3) < 0.012
    }
  }
}
