import ArgumentParser
import Core

/// How a command sees its pictures: the options of ``InferenceProtocol``.
struct ProtocolOptions: ParsableArguments {
  @Option(
    name: .customLong("protocol"),
    help: "Whose rules: ours, authors or mmseg (default: the model's own; see docs/inference.md).")
  var convention: InferenceProtocol.Convention?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Slide a window over the picture; STRIDE (default: two thirds of it) is N or NxM.",
      valueName: "WxH[@STRIDE]"))
  var slide: SlidingWindow?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "See the picture at these sizes and average, such as 0.5,0.75,1,1.25,1.5,1.75.",
      valueName: "a,b,…"))
  var scales = Scales([1])

  @Flag(name: .long, help: "See it mirrored, too, and average.")
  var flip = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Pad to 32k+1, WxH at least, multiples /N, or none (default: 32k+1, authors 513x513, mmseg none).",
      valueName: "padding"))
  var pad: InferenceProtocol.Padding?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Run the model without some of axial, p2, p3, p4 and p5 (see docs/robustness.md); it was not trained so.",
      valueName: "parts"))
  var without: Ablation?

  /// The protocol without a corruption, and what a model of this configuration does without.
  func conditions(for model: ModelConfiguration) -> Conditions {
    Conditions(rules: rules(for: model), ablation: without ?? [])
  }

  /// What the options say of the protocol; the rest is as a model of this configuration has it.
  func rules(for model: ModelConfiguration) -> InferenceProtocol {
    var rules = convention.map(InferenceProtocol.preset) ?? model.rules
    rules.window = slide
    rules.scales = scales.factors
    rules.isFlipped = flip
    if let pad { rules.padding = pad }
    return rules
  }

  /// Whether none of the options is given, or makes a difference.
  var areDefaults: Bool {
    convention == nil && slide == nil && scales.factors == [1] && !flip && pad == nil
      && without == nil
  }

  /// The factors of `--scales`, separated by commas: each from 0.1 to 8, none twice.
  struct Scales: ExpressibleByArgument {
    let factors: [Double]

    init(_ factors: [Double]) { self.factors = factors }

    init?(argument: String) {
      let names = argument.split(separator: ",", omittingEmptySubsequences: false)
      factors = names.compactMap { Double($0) }
      guard factors.count == names.count, factors.allSatisfy({ 0.1...8 ~= $0 }),
        Set(factors).count == factors.count
      else { return nil }
    }

    var defaultValueDescription: String {
      factors.map { $0.formatted(decimals: 0) }.joined(separator: ",")
    }
  }
}

extension InferenceProtocol.Convention: ExpressibleByArgument {}

extension SlidingWindow: ExpressibleByArgument {
  /// A window written WxH, WxH@N or WxH@NxM; strides are at most its sides.
  public init?(argument: String) {
    let parts = argument.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(parts.count), let window = Size(argument: parts[0]) else { return nil }
    guard parts.count == 2 else {
      self.init(width: window.width, height: window.height)
      return
    }
    let sides = parts[1].lowercased().contains("x") ? parts[1] : "\(parts[1])x\(parts[1])"
    guard let stride = Size(argument: sides), stride.width <= window.width,
      stride.height <= window.height
    else { return nil }
    self.init(
      width: window.width, height: window.height, horizontalStride: stride.width,
      verticalStride: stride.height)
  }
}

extension InferenceProtocol.Padding: ExpressibleByArgument {
  /// What ``description`` gives: `32k+1`, `WxH`, `/N` or `none`.
  public init?(argument: String) {
    switch argument.lowercased() {
    case "none": self = .none
    case "32k+1": self = .grid
    case let divisor where divisor.hasPrefix("/"):
      guard let number = Int(divisor.dropFirst()), 1...1024 ~= number else { return nil }
      self = .multiple(of: number)
    case let size:
      guard let size = Size(argument: size) else { return nil }
      self = .size(width: size.width, height: size.height)
    }
  }
}
