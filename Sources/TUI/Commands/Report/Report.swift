import ArgumentParser
import Core
import Foundation

/// `hfgd report ID`: a kept evaluation as one HTML file.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a run as a self-contained HTML page.",
    usage: "hfgd report <id> [--output <file>] [<options>]",
    discussion: """
      The page has the run's tables, its confusion matrix, its worst and best
      images and where it comes from, in one file that any browser shows without
      a network or a server. Its figures are those of hfgd runs show, made of the
      counts that hfgd eval has kept; only the images are predicted again. Where
      the model or the data are gone the page comes without pictures and says so;
      --model and --data tell where they lie now.

      EXAMPLES
        hfgd report 3
        hfgd report 3 -o report.html --images 10 --convention cityscapes
        hfgd report 3 --without-images --store results.sqlite
        hfgd report 3 --model moved/model.safetensors --data /mnt/camvid
      """)

  @Argument(help: "The number of a run, as hfgd runs lists them.")
  var id: Int64

  @Option(
    name: .shortAndLong, help: "The page to write (default: run-ID.html).",
    completion: .file(extensions: ["html"]))
  var output: String?

  @Option(name: .long, help: "How many of the worst images, and of the best.")
  var images = 4

  @Flag(name: .long, help: "Predict nothing, show no pictures.")
  var withoutImages = false

  @Option(name: .long, help: "Pictures are scaled down to this many pixels on their longer side.")
  var longestSide = 1280

  @Option(
    name: .long, help: "Where the run's checkpoint or folder of predictions lies now.",
    completion: .file())
  var model: String?

  @Option(name: .long, help: "Where the run's data set lies now.", completion: .directory)
  var data: String?

  @Option(name: .long, help: "Whose rules make scores of the counts, as for hfgd eval.")
  var convention = Convention.mmseg

  @OptionGroup var dataOptions: DataSetOptions
  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var report: ReportOptions

  private var path: String { output ?? "run-\(id).html" }

  mutating func validate() throws {
    guard 1...100 ~= images else {
      throw ValidationError(
        "--images is from 1 to 100, not \(images); --without-images leaves them out.")
    }
    guard 16...8192 ~= longestSide else {
      throw ValidationError("--longest-side is from 16 to 8192, not \(longestSide).")
    }
    if let output, output.isEmpty {
      throw ValidationError("--output is the name of a file, not ''.")
    }
  }

  func run() throws {
    let interrupt = Interrupt()
    try storeOptions.refuse(output: path)
    let store = try storeOptions.openExisting()
    let result = try store.report(of: id, convention: convention, isQuiet: report.quiet)
    guard !result.images.isEmpty else {
      throw CommandFailure(
        .someInputsFailed, "run \(id) has counted no image yet; hfgd eval --resume goes on with it")
    }
    let run: StoredRun
    do throws(StoreFailure) { run = try store.run(id) } catch { throw CommandFailure(error) }
    let pictures = try pictures(of: result, interrupt)
    let page = RunPage(run: run, report: result, pictures: pictures)
    do throws(FileFailure) { try AtomicFile.write(Array(page.html.utf8), to: path) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    try StandardOutput.print(report.json ? json(result, pictures).text : path.printable)
  }

  private func pictures(
    of result: EvaluationReport, _ interrupt: Interrupt
  ) throws -> RunPage.Pictures {
    if withoutImages { return .unwanted }
    do {
      let source = try RunSource(
        of: result.description, model: model, data: data, dataOptions, threads: threads.budget)
      return .shown(
        try RunPictures(
          images, of: result.images, source, classes: result.description.classes,
          longestSide: longestSide, isQuiet: report.quiet, interrupt))
    } catch let failure as CommandFailure where failure.status != .interrupted {
      if !report.quiet {
        StandardError.print("hfgd: warning: there are no pictures: \(failure.message.printable)")
      }
      return .absent(failure.message)
    }
  }

  /// What is in the page, as `hfgd.report/1`.
  private func json(_ result: EvaluationReport, _ pictures: RunPage.Pictures) -> JSON {
    var shown: [JSON] = []
    var reason = JSON.null
    switch pictures {
    case .shown(let pictures):
      shown = pictures.groups.flatMap(\.images).map { image in
        .object([
          JSON.Member("name", .string(image.name)),
          JSON.Member("mIoU", .number(100 * image.meanIoU, decimals: 4)),
          JSON.Member("as_counted", .bool(!image.differs)),
        ])
      }
    case .absent(let words): reason = .string(words)
    case .unwanted: break
    }
    return .report(
      "report",
      [
        JSON.Member("file", .string(path)), JSON.Member("run", .number("\(id)")),
        JSON.Member("mIoU", .number(result.means[0].value, decimals: 4)),
        JSON.Member("pictured", .array(shown)),
        JSON.Member("without_pictures_because", reason),
      ])
  }
}
