import Core
import Foundation
import TestSupport
import Testing

/// The built executable, run as a child process in a folder of its own.
struct Program {
  /// A model without a checkpoint that runs in hundredths of a second.
  static let model = ["fcn-mobilenet_v2", "--random", "1"]
  /// Its guided sister, with output strides 32 and 4.
  static let guided = ["hfgd-mobilenet_v2-os4", "--random", "1"]

  /// What a finished run left behind.
  struct Outcome {
    let status: Int32
    let wasSignalled: Bool
    let output, errors: String

    /// Standard output as the one JSON object that it should be.
    var json: JSON {
      get throws { try JSON(output) }
    }
  }

  private let folder = TemporaryFolder()
  /// Variables that are set beside PATH and HOME; nothing of the tester's own leaks in.
  var environment: [String: String] = [:]

  /// The executable stands beside the test bundle.
  static let executable: URL = {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("hfgd")
    return FileManager.default.isExecutableFile(atPath: bundle.path)
      ? bundle : URL(fileURLWithPath: TestFiles.package + "/.build/debug/hfgd")
  }()

  /// The path of `name` in the run's folder.
  func path(_ name: String = "") -> String { folder.path(name) }

  /// The files below `name`, in order.
  func files(below name: String) -> [String] {
    let all = FileManager.default.subpaths(atPath: path(name)) ?? []
    return all.filter { !Folder.exists(path(name).appendingPath($0)) }.sorted()
  }

  /// The files that `hfgd predict` made of pictures below `name`: all but its journal.
  func results(below name: String) -> [String] {
    files(below: name).filter { $0 != "predict.jsonl" }
  }

  /// Writes a picture of noise in the format that `name` says and returns it.
  @discardableResult
  func makePicture(_ name: String, width: Int = 40, height: Int = 30) throws -> Picture {
    var random = SeededRandom(seed: UInt64(width * height))
    let picture = Picture(
      width: width, height: height,
      samples: (0..<(3 * width * height)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    try Folder.create(path(name).parentFolder)
    try ImageFile.write(picture, to: path(name))
    return picture
  }

  /// Runs the program to its end.
  func run(_ arguments: [String]) throws -> Outcome {
    try finish(try start(arguments))
  }

  /// A run that goes on, with the files that hold what it prints.
  struct Run {
    let process: Process
    fileprivate let streams: TemporaryFolder
  }

  /// Starts the program.
  func start(_ arguments: [String]) throws -> Run {
    try start(Self.executable, arguments)
  }

  /// Runs a line of shell in which `$HFGD` is the program.
  func shell(_ line: String) throws -> Outcome {
    var program = self
    program.environment["HFGD"] = Self.executable.path
    return try program.finish(
      try program.start(URL(fileURLWithPath: "/bin/bash"), ["-c", line]))
  }

  private func start(_ executable: URL, _ arguments: [String]) throws -> Run {
    // Files, not pipes: no output is too long for them.
    let streams = TemporaryFolder()
    for name in ["out", "err"] { try AtomicFile.write([], to: streams.path(name)) }
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path())
    process.environment = environment.merging(["PATH": "/usr/bin:/bin", "HOME": path()]) { a, _ in a
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: streams.path("out"))
    process.standardError = FileHandle(forWritingAtPath: streams.path("err"))
    try process.run()
    return Run(process: process, streams: streams)
  }

  /// Waits for the end of a run.
  func finish(_ run: Run) throws -> Outcome {
    run.process.waitUntilExit()
    func text(_ name: String) throws -> String {
      String(
        decoding: try FileBytes.read(run.streams.path(name), maxBytes: 1 << 28), as: UTF8.self)
    }
    return Outcome(
      status: run.process.terminationStatus,
      wasSignalled: run.process.terminationReason == .uncaughtSignal,
      output: try text("out"), errors: try text("err"))
  }
}
