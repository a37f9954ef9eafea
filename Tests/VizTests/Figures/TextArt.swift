import Core

extension Picture {
  static let paper = RGB(255, 255, 255)
  static let ink = RGB(0, 0, 0)

  /// White paper.
  init(paper width: Int, _ height: Int) {
    self.init(width: width, height: height, filled: Self.paper)
  }

  /// The picture as lines of text: `#` for ink, `.` for paper, `+` for everything between.
  var art: [String] {
    (0..<height).map { y in
      String(
        (0..<width).map { x in
          self[x, y] == Self.ink ? "#" : self[x, y] == Self.paper ? "." : "+"
        })
    }
  }
}
