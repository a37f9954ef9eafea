import Foundation

/// The scripts of `Tests/numpy`, which compute anew, in NumPy, what the program prints.
public enum NumPy {
  /// A Python that has NumPy: the one that `HFGD_PYTHON` names, or `python3`; `nil` where neither has it.
  public static let python: String? = {
    let named = ProcessInfo.processInfo.environment["HFGD_PYTHON"]
    return [named, "/usr/bin/python3"].compactMap { $0 }.first { path in
      FileManager.default.isExecutableFile(atPath: path)
        && (try? run(path, ["-c", "import numpy"]))?.status == 0
    }
  }()

  /// Why a test is skipped.
  public static let remedy = "needs python3 with NumPy; HFGD_PYTHON may name one"

  /// What the script `name` says about the files in `arguments`; 0 where all numbers agree.
  public static func check(_ name: String, _ arguments: [String]) throws -> (
    status: Int32, output: String
  ) {
    guard let python else { preconditionFailure(remedy) }
    return try run(python, [TestFiles.package + "/Tests/numpy/\(name)"] + arguments)
  }

  private static func run(_ python: String, _ arguments: [String]) throws -> (
    status: Int32, output: String
  ) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
