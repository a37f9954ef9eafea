import ArgumentParser
import Core

/// `hfgd runs marks --data DIR`: the images that were marked in the explorer.
struct RunsMarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "marks",
    abstract: "Print the images of a data set that were marked in the explorer.",
    usage: "hfgd runs marks <data> [<options>]",
    discussion: """
      Prints a name on each line, or with --paths the pictures' files, for other
      programs.

      EXAMPLES
        hfgd runs marks camvid
        hfgd predict model.safetensors $(hfgd runs marks camvid --paths) -o marked
      """)

  @Argument(help: "The folder or tar archive of the data set.", completion: .directory)
  var data: String

  @OptionGroup var dataOptions: DataSetOptions

  @Flag(name: .long, help: "Print the paths of the pictures.")
  var paths = false

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let set = try dataOptions.open(data, needsLabels: false)
    let store = try storeOptions.openExisting()
    let marks: Set<String>
    do throws(StoreFailure) {
      marks = try store.marks(of: set.root.canonicalPath, split: set.split)
    } catch {
      throw CommandFailure(error)
    }
    let marked = set.samples.filter { marks.contains($0.name) }
    if report.json {
      let images = marked.map { sample in
        JSON.object([
          JSON.Member("name", .string(sample.name)),
          JSON.Member("path", .string(sample.image.path)),
        ])
      }
      try StandardOutput.print(
        JSON.report(
          "marks",
          [
            JSON.Member("data", .string(set.root)), JSON.Member("split", .string(set.split)),
            JSON.Member("images", .array(images)),
          ]
        ).text)
    } else if !marked.isEmpty {
      let lines = marked.map { paths ? $0.image.path : $0.name.printable }
      try StandardOutput.print(lines.joined(separator: "\n"))
    }
  }
}
