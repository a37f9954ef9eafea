/// Cityscapes' label ids as cityscapesScripts has them, for its evaluation.
public enum Cityscapes {
  /// A label id of the data set.
  public struct Label: Sendable, Equatable {
    /// The value in `*_labelIds.png`, 0 to 33.
    public let id: Int
    /// As in cityscapesScripts.
    public let name: String
    /// The name of the group it belongs to.
    public let category: String
    /// The class that models are trained on, 0 to 18; `nil` where the label is not evaluated.
    public let trainID: Int?
    /// Whether single objects are told apart.
    public let hasInstances: Bool
  }

  /// Labels 0 to 33; number i has id i.
  public static let labels: [Label] = [
    label(0, "unlabeled", "void"), label(1, "ego vehicle", "void"),
    label(2, "rectification border", "void"), label(3, "out of roi", "void"),
    label(4, "static", "void"), label(5, "dynamic", "void"), label(6, "ground", "void"),
    label(7, "road", "flat", 0), label(8, "sidewalk", "flat", 1), label(9, "parking", "flat"),
    label(10, "rail track", "flat"), label(11, "building", "construction", 2),
    label(12, "wall", "construction", 3), label(13, "fence", "construction", 4),
    label(14, "guard rail", "construction"), label(15, "bridge", "construction"),
    label(16, "tunnel", "construction"), label(17, "pole", "object", 5),
    label(18, "polegroup", "object"), label(19, "traffic light", "object", 6),
    label(20, "traffic sign", "object", 7), label(21, "vegetation", "nature", 8),
    label(22, "terrain", "nature", 9), label(23, "sky", "sky", 10),
    label(24, "person", "human", 11, hasInstances: true),
    label(25, "rider", "human", 12, hasInstances: true),
    label(26, "car", "vehicle", 13, hasInstances: true),
    label(27, "truck", "vehicle", 14, hasInstances: true),
    label(28, "bus", "vehicle", 15, hasInstances: true),
    label(29, "caravan", "vehicle", hasInstances: true),
    label(30, "trailer", "vehicle", hasInstances: true),
    label(31, "train", "vehicle", 16, hasInstances: true),
    label(32, "motorcycle", "vehicle", 17, hasInstances: true),
    label(33, "bicycle", "vehicle", 18, hasInstances: true),
  ]

  /// The label ids of the 19 train ids.
  public static let labelIDs = labels.filter { $0.trainID != nil }.map(\.id)

  /// The categories in cityscapesScripts' order.
  public static let categories = [
    "void", "flat", "construction", "object", "nature", "sky", "human", "vehicle",
  ]

  /// The evaluated labels with instances, and the mean size in pixels of one of them in the training set.
  static let instanceLabels: [(id: Int, meanSize: Double)] = [
    (24, 3462.4756337644), (25, 3930.4788056518), (26, 12794.0202738185), (27, 27855.1264367816),
    (28, 35732.1511111111), (31, 67583.7075812274), (32, 6298.7200839748), (33, 4672.3249222261),
  ]

  private static func label(
    _ id: Int, _ name: String, _ category: String, _ trainID: Int? = nil, hasInstances: Bool = false
  ) -> Label {
    Label(id: id, name: name, category: category, trainID: trainID, hasInstances: hasInstances)
  }
}
