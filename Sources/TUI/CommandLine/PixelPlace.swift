import ArgumentParser
import Core

/// A pixel, written X,Y; either is 65536 at most, as the sides of a `Size` are.
struct PixelPlace: ExpressibleByArgument, Equatable, CustomStringConvertible {
  let x, y: Int

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let x = parts[0], let y = parts[1], 0...65536 ~= x, 0...65536 ~= y
    else { return nil }
    (self.x, self.y) = (x, y)
  }

  var description: String { "\(x),\(y)" }
}

extension PixelRegion: ExpressibleByArgument {
  /// Left, top and size, written X,Y,WxH.
  public init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let corner = PixelPlace(argument: "\(parts[0]),\(parts[1])"),
      let size = Size(argument: parts[2])
    else { return nil }
    self.init(
      x: corner.x..<(corner.x + size.width), y: corner.y..<(corner.y + size.height))
  }
}
