import ArgumentParser
import Core
import Foundation
import Viz

/// `hfgd scenes -o DIR`: drawn street scenes with exact labels.
struct Scenes: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw street scenes with exact labels.",
    usage: "hfgd scenes --output <output> [<options>]",
    discussion: """
      Writes a data set in CamVid's classes that hfgd eval and hfgd train read:
      pictures in DIR/SPLIT, labels in DIR/SPLITannot, the classes' names in
      DIR/classes.txt. A scene follows from its seed alone and is the same at
      every size; seeds count up from --seed.

      EXAMPLES
        hfgd scenes --count 20 --seed 1 --size 480x360 -o scenes
        hfgd eval model.safetensors --data scenes
      """)

  enum PictureType: String, ExpressibleByArgument, CaseIterable {
    case png, jpg
  }

  @Option(name: .long, help: "How many scenes.")
  var count = 8

  @Option(name: .long, help: "The first scene's seed.")
  var seed: UInt64 = 1

  @Option(name: .long, help: "Size of the pictures, WxH.")
  var size = Size(width: 480, height: 360)

  @Option(name: .shortAndLong, help: "The folder of the data set.", completion: .directory)
  var output: String

  @Option(name: .long, help: "Which part of the data set the scenes are.")
  var split = "val"

  @Option(name: .long, help: "File type of the pictures: png or jpg.")
  var type = PictureType.png

  @OptionGroup var report: ReportOptions

  mutating func validate() throws {
    guard 1...1_000_000 ~= count else {
      throw ValidationError("--count is from 1 to 1000000, not \(count).")
    }
    guard StreetScene.sides.contains(size.width), StreetScene.sides.contains(size.height) else {
      throw ValidationError(
        "The sides of --size are from \(StreetScene.sides.lowerBound) to \(StreetScene.sides.upperBound)."
      )
    }
    guard !output.isEmpty else { throw ValidationError("--output is the name of a folder.") }
    guard !split.isEmpty, !split.contains("/") else {
      throw ValidationError("--split is the name of a folder, not \"\(split)\".")
    }
  }

  /// Names the classes, so that the folder can be trained on by itself; a file that is there stays.
  private func writeClasses() throws(FileFailure) {
    let path = output.appendingPath("classes.txt")
    guard !FileManager.default.fileExists(atPath: path) else { return }
    let lines = zip(StreetScene.classes.names, StreetScene.classes.palette).map {
      "\($0) \($1.red) \($1.green) \($1.blue)\n"
    }
    try AtomicFile.write(Array(lines.joined().utf8), to: path)
  }

  func run() throws {
    let folders = (output.appendingPath(split), output.appendingPath(split + "annot"))
    let interrupt = Interrupt()
    var progress = Progress(total: count, isQuiet: report.quiet)
    var scenes: [JSON] = []
    do {
      try Folder.create(folders.0)
      try Folder.create(folders.1)
      try writeClasses()
      for index in 0..<count where !interrupt.isRequested {
        let seed = seed &+ UInt64(index)
        let name = "scene-\(seed)"
        let (picture, labels) = StreetScene.draw(seed: seed, width: size.width, height: size.height)
        let files = (
          folders.0.appendingPath("\(name).\(type.rawValue)"),
          folders.1.appendingPath("\(name).png")
        )
        // Labels first: a picture without labels would spoil the data set, labels without a picture do not.
        try ImageFile.write(labels, to: files.1)
        try ImageFile.write(picture, to: files.0)
        scenes.append(
          .object([
            JSON.Member("seed", .number("\(seed)")), JSON.Member("picture", .string(files.0)),
            JSON.Member("labels", .string(files.1)),
          ]))
        progress.advance(name)
      }
    } catch let failure as any Error & CustomStringConvertible {
      progress.finish()
      throw CommandFailure(.someInputsFailed, failure.description)
    }
    progress.finish()
    if report.json {
      try StandardOutput.print(
        JSON.report(
          "scenes",
          [
            JSON.Member(
              "classes", .array(StreetScene.classes.names.map { .string($0) })),
            JSON.Member("scenes", .array(scenes)),
          ]
        ).text)
    } else if !report.quiet {
      StandardError.print(
        "\(scenes.count) of \(count.counted("scene")) written to \(output.printable)")
    }
    if interrupt.isRequested { throw CommandFailure(.interrupted, "") }
  }
}
