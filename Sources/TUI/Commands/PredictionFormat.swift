import ArgumentParser
import Core
import Viz

/// A file that `hfgd predict` makes of each picture.
enum PredictionFormat: String, CaseIterable, ExpressibleByArgument {
  /// The picture under the class colours.
  case overlay
  /// The picture with the borders of its classes.
  case contour
  /// Right, wrong and ignored pixels, against a label map.
  case errors
  /// A palette PNG: values are classes, colours the palette's.
  case indexed
  /// A grey PNG of raw class numbers.
  case id
  /// A grey PNG of Cityscapes' label ids, which its server and scripts take.
  case labelIds
  /// A grey PNG of class numbers plus one, under the picture's own name: what ADE20K's server takes.
  case submission
  /// NumPy float32 [K, H, W] at the picture's size.
  case logits

  /// What is put between the picture's stem and the end of the file's name.
  func suffix(overlayType: String) -> String {
    switch self {
    case .overlay: ".overlay.\(overlayType)"
    case .contour: ".contour.\(overlayType)"
    case .errors: ".errors.\(overlayType)"
    case .indexed: ".indexed.png"
    case .id: ".id.png"
    case .labelIds: ".labelIds.png"
    case .submission: ".png"
    case .logits: ".logits.npy"
    }
  }

  /// Why a model of these classes cannot have this format, and what to do; `nil` where it can.
  func obstacle(for configuration: ModelConfiguration) -> String? {
    let count = configuration.classes.count
    switch self {
    case .indexed where count > 256:
      return "a palette PNG holds 256 classes, the model has \(count); give --format id"
    case .labelIds where count != Self.cityscapesIds.count:
      return
        "label ids are those of Cityscapes' \(Self.cityscapesIds.count) classes, the model has "
        + "\(count); give --format id"
    default: return nil
    }
  }

  /// The label id of each of Cityscapes' 19 classes.
  static let cityscapesIds: [UInt16] = LabelMapping.cityscapesIds.targets
    .compactMap { id, label in label.map { (label: $0, id: id) } }
    .sorted { $0.label < $1.label }.map(\.id)
}

/// The formats of `--format`, separated by commas.
struct PredictionFormats: ExpressibleByArgument {
  let formats: [PredictionFormat]

  init(_ formats: [PredictionFormat]) { self.formats = formats }

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let formats = names.compactMap(PredictionFormat.init(rawValue:))
    guard formats.count == names.count else { return nil }
    self.formats = PredictionFormat.allCases.filter(formats.contains)
  }

  var defaultValueDescription: String { formats.map(\.rawValue).joined(separator: ",") }
}
