/// The connected components of a label map: largest sets of pixels of one value that touch at sides or corners.
///
/// The map is cut into runs of equal pixels; runs that touch in neighbouring rows are joined in a forest whose roots are the
/// components (union–find). The naive twin in the tests floods.
public struct ConnectedComponents: Sendable, Equatable {
  /// Neighbouring pixels of one value in one row.
  public struct Run: Sendable, Equatable {
    /// The row.
    public let y: Int
    /// The columns.
    public let columns: Range<Int>
    /// The number of the component, from 0 in the order of the components' first pixels.
    public fileprivate(set) var component: Int

    /// The pixels of a row in these columns.
    public init(y: Int, columns: Range<Int>, component: Int) {
      self.y = y
      self.columns = columns
      self.component = component
    }
  }

  /// All runs, row by row from the left.
  public private(set) var runs: [Run] = []
  /// How many components there are.
  public private(set) var count = 0

  /// The components of `map`.
  public init(of map: LabelMap) {
    var parents: [Int] = []
    var above = 0..<0
    map.values.withUnsafeBufferPointer { values in
      for y in 0..<map.height {
        let first = runs.count
        let row = UnsafeBufferPointer(rebasing: values[(y * map.width)..<((y + 1) * map.width)])
        Self.forEachRun(of: row) { columns in
          parents.append(runs.count)
          runs.append(Run(y: y, columns: columns, component: 0))
        }
        // Both rows' runs go from left to right, so each is passed once.
        var upper = above.lowerBound
        for lower in first..<runs.count {
          let columns = runs[lower].columns
          while upper < above.upperBound, runs[upper].columns.upperBound < columns.lowerBound {
            upper += 1
          }
          var touching = upper
          while touching < above.upperBound, runs[touching].columns.lowerBound <= columns.upperBound
          {
            if row[columns.lowerBound]
              == values[(y - 1) * map.width + runs[touching].columns.lowerBound]
            {
              Self.join(lower, touching, in: &parents)
            }
            touching += 1
          }
        }
        above = first..<runs.count
      }
    }
    // A root is the first run of its component, so its number is known before the others ask for it.
    for i in runs.indices {
      let root = Self.root(of: i, in: &parents)
      runs[i].component = root == i ? count : runs[root].component
      if root == i { count += 1 }
    }
  }

  private static func forEachRun(of row: UnsafeBufferPointer<UInt16>, _ body: (Range<Int>) -> Void)
  {
    var start = 0
    for x in 1..<max(1, row.count) where row[x] != row[x - 1] {
      body(start..<x)
      start = x
    }
    if start < row.count { body(start..<row.count) }
  }

  private static func root(of run: Int, in parents: inout [Int]) -> Int {
    var run = run
    while parents[run] != run {
      parents[run] = parents[parents[run]]
      run = parents[run]
    }
    return run
  }

  private static func join(_ a: Int, _ b: Int, in parents: inout [Int]) {
    let (a, b) = (root(of: a, in: &parents), root(of: b, in: &parents))
    parents[max(a, b)] = min(a, b)
  }
}
