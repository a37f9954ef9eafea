import Core
import Foundation

extension ModelConfiguration {
  /// The presets that are walked: every decoder that is listed, on MobileNetV2 where it can stand on that, and every backbone
  /// once, below its smallest decoder.
  ///
  /// All of the list with `HFGD_PRESETS=all` (`make walk-presets`).
  public static let walked: [String] = {
    if ProcessInfo.processInfo.environment["HFGD_PRESETS"] == "all" { return presets.map(\.name) }
    let small = presets.map { listed in
      let name = listed.name.replacing("-\(listed.backbone.rawValue)", with: "-mobilenet_v2")
      return preset(named: name) ?? listed
    }
    let onEach = BackboneKind.allCases.compactMap { backbone in
      presets.filter { $0.backbone == backbone }.min { $0.size < $1.size }
    }
    var seen: Set<String> = []
    return (small + onEach).map(\.name).filter { seen.insert($0).inserted }
  }()

  private var size: Int {
    ModelSummary(self, width: 33, height: 33, outputStride: outputStride, threads: Threads(1))
      .parameters
  }
}
