import ArgumentParser
import Core
import Viz

/// A file that `hfgd predict` makes of each picture.
enum PredictionFormat: String, CaseIterable, ExpressibleByArgument {
  /// The picture under the class colours.
  case overlay
  /// A palette PNG: values are classes, colours the palette's.
  case indexed
  /// A grey PNG of raw class numbers.
  case id
  /// NumPy float32 [K, H, W] at the picture's size.
  case logits

  /// What is put between the picture's stem and the end of the file's name.
  func suffix(overlayType: String) -> String {
    switch self {
    case .overlay: ".overlay.\(overlayType)"
    case .indexed: ".indexed.png"
    case .id: ".id.png"
    case .logits: ".logits.npy"
    }
  }
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
