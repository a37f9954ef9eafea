import Core
import Foundation

extension ModelConfiguration {
  /// The presets that are walked: every decoder that is listed, on MobileNetV2 where it can stand on that, and every backbone
  /// once, below its smallest decoder.
  ///
  /// With `HFGD_PRESETS=all` (`make walk-presets`) all of the list, and every backbone.
  public static let walked: [String] = {
    let onEach = BackboneKind.allCases.compactMap { backbone in
      presets.filter { $0.backbone == backbone }.min { $0.size < $1.size }
        ?? preset(named: "fcn-\(backbone.rawValue)")
    }
    var seen: Set<String> = []
    func once(_ presets: [ModelConfiguration]) -> [String] {
      presets.map(\.name).filter { seen.insert($0).inserted }
    }
    if ProcessInfo.processInfo.environment["HFGD_PRESETS"] == "all" {
      return once(presets + onEach)
    }
    let small = presets.map { listed in
      let name = listed.name.replacing("-\(listed.backbone.rawValue)", with: "-mobilenet_v2")
      return preset(named: name) ?? listed
    }
    return once(small + onEach)
  }()

  private var size: Int {
    ModelSummary(self, width: 33, height: 33, outputStride: outputStride, threads: Threads(1))
      .parameters
  }
}
