import ArgumentParser
import Core
import Foundation

/// A size in pixels or cells, written WxH.
struct Size: ExpressibleByArgument, Equatable {
  let width, height: Int

  init?(argument: String) {
    let sides = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
      .map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1], width > 0, height > 0,
      width <= 65536, height <= 65536
    else { return nil }
    self.width = width
    self.height = height
  }

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  var defaultValueDescription: String { "\(width)x\(height)" }
}

/// How many threads a command may use.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .long,
    help: "Threads to work with (default: HFGD_THREADS, else the number of processors).")
  var threads: Int?

  private static let allowed = 1...1024

  /// The budget.
  var budget: Threads {
    Threads(
      threads ?? Self.preferred.flatMap(Int.init) ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// What HFGD_THREADS says, `nil` where it is not set or empty.
  private static var preferred: String? {
    ProcessInfo.processInfo.environment["HFGD_THREADS"].flatMap { $0.isEmpty ? nil : $0 }
  }

  mutating func validate() throws {
    let range = "from \(Self.allowed.lowerBound) to \(Self.allowed.upperBound)"
    if let threads {
      guard Self.allowed.contains(threads) else {
        throw ValidationError("--threads is \(range), not \(threads).")
      }
    } else if let text = Self.preferred, Int(text).map(Self.allowed.contains) != true {
      throw ValidationError("HFGD_THREADS is \(range), not \(text.printable).")
    }
  }
}

/// Which output stride's prediction a command takes.
struct StageOptions: ParsableArguments {
  @Option(
    name: .long,
    help:
      "Output stride: 32 (the teacher of a guided model), 4 or 2 (default: the finest there is).")
  var os: Int?

  /// The stride that is meant; a usage error where the model has it not.
  func outputStride(of configuration: ModelConfiguration) throws -> Int {
    let available = configuration.outputStrides
    let stride = os ?? available.last ?? configuration.outputStride
    guard available.contains(stride) else {
      let names = available.map(String.init).joined(separator: " or ")
      throw CommandFailure(
        .usage, "\(configuration.name) has no output stride \(stride); give --os \(names)")
    }
    return stride
  }
}

/// What every command that reports has.
struct ReportOptions: ParsableArguments {
  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress and no notes on standard error.")
  var quiet = false
}
