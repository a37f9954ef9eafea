/// What to take of a data set, and what is otherwise than its kind has it.
public struct DataSetRequest: Sendable {
  /// The kind's name; by default the folder tells.
  public var kind: String?
  /// Which part; by default `val`, else whatever part there is.
  public var split: String?
  /// A folder of label maps with the images' names, in place of what the layout says.
  public var labels: String?
  /// How labels are encoded, where that is not as the kind has it.
  public var encoding: LabelEncoding.Changes
  /// The classes of a set that does not name them: the model's.
  public var classes: ClassTable?
  /// Whether an image without a label is an error; else such a sample has no label.
  public var needsLabels: Bool

  /// A request; by default all is as the folder tells.
  public init(
    kind: String? = nil, split: String? = nil, labels: String? = nil,
    encoding: LabelEncoding.Changes = .init(), classes: ClassTable? = nil, needsLabels: Bool = true
  ) {
    self.kind = kind
    self.split = split
    self.labels = labels
    self.encoding = encoding
    self.classes = classes
    self.needsLabels = needsLabels
  }
}
