import ArgumentParser
import Core

/// What is counted beside the confusion matrix.
struct MetricOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Also count any of boundary, bands, calibration, components and instances, separated by commas, or all.",
      valueName: "metrics"))
  var metrics = MetricNames([])

  @Option(
    name: .long,
    help: "The width of Boundary IoU's bands as a share of the diagonal; 0.005 for Cityscapes.")
  var boundaryRatio = 0.02

  var extras: ImageCounts.Extras { metrics.extras }

  mutating func validate() throws {
    guard boundaryRatio > 0 && boundaryRatio <= 1 else {
      throw ValidationError("--boundary-ratio is above 0 and at most 1, not \(boundaryRatio).")
    }
  }

  /// The names of `--metrics`.
  struct MetricNames: ExpressibleByArgument {
    let extras: ImageCounts.Extras

    init(_ extras: ImageCounts.Extras) { self.extras = extras }

    init?(argument: String) {
      var extras: ImageCounts.Extras = []
      for name in argument.split(separator: ",") {
        // Instances are Cityscapes' alone.
        if name == "all" {
          extras.formUnion(.all.subtracting(.instances))
        } else if let extra = Self.named[String(name)] {
          extras.insert(extra)
        } else {
          return nil
        }
      }
      self.extras = extras
    }

    var defaultValueDescription: String { "none" }

    private static let named: [String: ImageCounts.Extras] = [
      "boundary": .boundary, "bands": .bands, "calibration": .calibration,
      "components": .components, "instances": .instances,
    ]
  }
}
