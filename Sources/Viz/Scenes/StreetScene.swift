import Core

/// A procedural street scene as a camera in a car sees it, with exact labels in CamVid's 11 classes.
///
/// The seed decides everything: kind of street, light, traffic, textures, sensor noise. The same seed
/// shows the same scene at every size, on every machine (integer hashes, and only +, −, ×, ÷ and √ on
/// floats). Seeds that follow one another differ: the remainder by 5 chooses the light, by 7 the kind
/// of street, by 3 the density of traffic.
///
/// Labels: a pixel has the class of the surface that covers its centre. Two things are labelled as
/// CamVid's annotators did, because their gaps are finer than any brush: railings and the twigs of bare
/// trees count as solid. Foliage keeps its holes. Void does not occur.
public enum StreetScene {
  /// Names and colours of the classes, in the order of their labels.
  public static let classes = ClassTable.camVid

  /// The sizes that can be drawn, pixels per side.
  public static let sides = 1...8192

  /// The picture and the labels of the scene of `seed`.
  ///
  /// `width` and `height` must lie in `sides`. Costs about a microsecond per pixel, and memory
  /// for little more than the result: pictures are drawn in bands of rows.
  public static func draw(
    seed: UInt64, width: Int, height: Int
  ) -> (picture: Picture, labels: LabelMap) {
    precondition(
      sides.contains(width) && sides.contains(height),
      "a scene of \(width)×\(height) pixels: sides must lie in \(sides)")
    let scene = Scene(seed: seed)
    return (
      SceneRenderer.picture(of: scene, width: width, height: height),
      SceneRenderer.labels(of: scene, width: width, height: height)
    )
  }
}
