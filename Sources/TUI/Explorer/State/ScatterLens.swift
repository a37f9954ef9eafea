import Core
import Viz

/// Features of the images seen, laid out in a plane in place of the pictures.
struct ScatterLens: Sendable {
  /// The layout of each slot that has features.
  struct Result: Sendable {
    let classes: [Int]
    /// Of each point the place of its class among the classes.
    let classPlaces: [Int]
    /// Points of each class.
    let counts: [Int]
    let layouts: [(slot: Int, layout: FeatureLayout)]
    let images: Int
    let method: FeatureLayout.Method
  }

  /// What the engine tells of it.
  enum Report: Sendable {
    case progress(what: String, share: Double)
    case done(Result)
    case failed(String)
  }

  /// What it is to be made of.
  struct Request: Sendable {
    let entries: [Int]
    let sampling: ClassSampling
    let method: FeatureLayout.Method
  }

  var isOpen = false
  /// What is being done, and the share that is done; `nil` while nothing is.
  var progress: (what: String, share: Double)?
  var result: Result?
  /// Why there is no result.
  var failure: String?
}

extension ScatterLens.Result {
  /// The chart of one of the layouts, with the classes that `isShown` lets pass.
  func chart(_ layout: FeatureLayout, _ list: ClassList, isShown: (Int) -> Bool) -> ScatterChart {
    let whole = ScatterChart(
      layout: layout, classPlaces: classPlaces, names: classes.map { list.names[$0] },
      palette: classes.map { list.palette[$0] })
    return ScatterChart(zip(classes, whole.series).filter { isShown($0.0) }.map(\.1))
  }
}
