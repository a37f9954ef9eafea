import Core

/// What must be the same for two reports of `hfgd bench` to be compared.
struct BenchSettings: Equatable, CustomStringConvertible {
  /// The model as it was named on the command line.
  let model: String
  let size: Size
  let outputStride: Int
  let threads: Int
  var precision = Precision.float32

  /// For example "model.safetensors at 513×513, output stride 4, 2 threads, f32".
  var description: String {
    "\(model.printable) at \(size.width)×\(size.height), output stride \(outputStride), "
      + threads.counted("thread") + ", \(precision.rawValue)"
  }
}

/// An earlier report of `hfgd bench`, from which later runs are told to be faster or slower.
struct BenchBaseline {
  /// The file, as messages name it.
  let path: String
  let settings: BenchSettings
  /// Medians in seconds, from the picture to the label map and of the network alone.
  let seconds, networkSeconds: Double
  /// The median seconds of each module.
  let modules: [String: Double]

  /// Reads what `--save` has written to `path`.
  init(path: String) throws(CommandFailure) {
    let bytes: [UInt8]
    do throws(FileFailure) { bytes = try FileBytes.read(path, maxBytes: 1 << 24) } catch {
      throw CommandFailure(.usage, error.description)
    }
    guard let json = try? JSON(utf8: bytes), let baseline = BenchBaseline(json, path: path) else {
      throw CommandFailure(
        .usage, "\(path) is no report of hfgd bench; write one with hfgd bench MODEL --save FILE")
    }
    self = baseline
  }

  /// What the report `json` says; `nil` where it is something else.
  init?(_ json: JSON, path: String) {
    func seconds(_ json: JSON, _ key: String) -> Double? { json[key]?.double.map { $0 / 1000 } }
    guard json["schema"]?.string == "hfgd.bench/1", let model = json["model"]?.string,
      let width = json["width"]?.int, let height = json["height"]?.int,
      let outputStride = json["output_stride"]?.int, let threads = json["threads"]?.int,
      let total = seconds(json, "milliseconds"),
      let network = seconds(json, "network_milliseconds"), let modules = json["modules"]?.array
    else { return nil }
    self.path = path
    settings = BenchSettings(
      model: model, size: Size(width: width, height: height), outputStride: outputStride,
      threads: threads,
      precision: json["precision"]?.string.flatMap(Precision.init(rawValue:)) ?? .float32)
    self.seconds = total
    networkSeconds = network
    self.modules = modules.reduce(into: [:]) { medians, module in
      if let name = module["name"]?.string { medians[name] = seconds(module, "milliseconds") }
    }
  }

  /// Refuses to be compared with a run of anything else; what another precision gains may be asked.
  func check(_ settings: BenchSettings) throws(CommandFailure) {
    var same = settings
    same.precision = self.settings.precision
    guard same == self.settings else {
      throw CommandFailure(
        .usage,
        "\(path) was measured with \(self.settings), not with \(settings); "
          + "measure the same, or write another baseline with --save")
    }
  }
}
