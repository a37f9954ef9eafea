import ArgumentParser
import Core
import Foundation
import Viz

/// `hfgd explore MODEL [MODEL]`: the full-screen explorer.
struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Browse, inspect and compare predictions in the terminal.",
    usage: "hfgd explore [<models> ...] [<options>]",
    discussion: """
      Without arguments it opens the samples: HFGD and SemanticFPN, side by
      side. A second MODEL, or a folder of predicted label maps, is compared
      with the first. In the explorer, ? lists all keys.

      The images are a folder of pictures, a data set of a known layout
      (docs/datasets.md lists them), such a set in a tar archive, or - for a
      list of pictures and labels on standard input. Labels are read as the set
      has them or the options say; images without labels are shown too.

      $XDG_CONFIG_HOME/hfgd/config.json (~/.config/hfgd/config.json) sets theme,
      glyphs, keys and more; docs/settings.md describes it. The place in a
      folder, marks and views come back at the next start.

      EXAMPLES
        hfgd
        hfgd explore model.safetensors --data photos
        hfgd explore a.safetensors b.safetensors --data camvid --split val
        hfgd explore model.safetensors predictions/ --data images --labels truth
        find . -name '*.jpg' | hfgd explore model.safetensors --data -
        hfgd explore --watch runs/hfgd --data camvid --split val
      """)

  @Argument(
    help: "One or two checkpoints or folders of predictions, or presets with --random.",
    completion: .file())
  var models: [String] = []

  @Option(
    name: .long,
    help: "A folder of images, a data set as a folder or tar archive, or - for a list on stdin.",
    completion: .directory)
  var data: String?

  @OptionGroup var dataOptions: DataSetOptions

  @Option(name: .long, help: "Give presets the random weights of this seed.")
  var random: UInt64?

  @Option(
    name: .long, help: "Keep results of images seen in this many megabytes (default: 512).")
  var cache: Int?

  @Option(name: .long, help: "Colours: auto, always or never (default: auto).")
  var color: ColourDepth.Choice?

  @Option(
    name: .long, help: "Replay the commands of a file, one a line, then go on by hand.",
    completion: .file())
  var script: String?

  @Flag(name: .long, help: "Print all keys and commands as Markdown, and leave.")
  var keys = false

  @Option(
    name: .long,
    help:
      "Show the newest checkpoint of a training run, and every one that follows while it trains.",
    completion: .directory)
  var watch: String?

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var threads: ThreadOptions

  mutating func validate() throws {
    let count = models.count + (watch == nil ? 0 : 1)
    guard count <= 2 else {
      throw ValidationError("At most two models can be compared, not \(count).")
    }
    guard (count == 0) == (data == nil) else {
      throw ValidationError(
        count == 0
          ? "--data goes with a model: hfgd explore MODEL --data FOLDER."
          : "Say which images to show: hfgd explore MODEL --data FOLDER.")
    }
    if let cache, !ExplorerSettings.cacheRange.contains(cache) {
      throw ValidationError("--cache is from 1 to 1000000 megabytes, not \(cache).")
    }
  }

  func run() throws {
    if keys { return try StandardOutput.print(CommandRegistry.markdown) }
    let environment = ProcessInfo.processInfo.environment
    let settings: ExplorerSettings
    do throws(SettingsFailure) {
      settings = try ExplorerSettings.read(environment: environment)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
    let (models, data) = try subject()
    let run = watch.map { RunFolder($0) }
    let sources = try (run.map { [try watched($0)] } ?? []) + models.map(source)
    let table = try classTable(sources)
    let dataSet = try dataSet(data, classes: table)
    let entries = dataSet?.samples ?? []
    let classes = ClassList(
      names: table.names, palette: table.palette,
      ignoreIndex: dataSet?.ignoreIndex ?? table.ignoreIndex)
    let replayed = try script.map(readScript)
    let memory = ExplorerMemory(folder: data, environment: environment)

    let terminal: NCursesTerminal
    do throws(TerminalFailure) {
      terminal = try NCursesTerminal(
        environment: environment,
        options: NCursesTerminal.Options(
          colour: color ?? settings.colour ?? .auto, mouse: settings.mouse == false ? .off : .motion
        ))
    } catch {
      throw CommandFailure(.usage, error.description)
    }
    defer { terminal.close() }
    let waker = terminal.waker
    let mailbox = Mailbox(wake: { waker.wake() })
    let rightOfWay = RightOfWay()
    let engine = ExplorerEngine(
      entries: entries, sources: sources, classes: classes,
      threads: Threads(threads.budget.count, behind: rightOfWay),
      cacheBytes: (cache ?? settings.cache ?? 512) << 20, mailbox: mailbox,
      // What changes while it is looked at is not for the store.
      ledger: run != nil
        ? nil
        : dataSet.map {
          Ledger(of: $0, sources, classes: classes.names, storePath: storeOptions.path)
        })
    engine.recallRuns()
    let checkpointWatch = run.map { run in
      CheckpointWatch(run.last) { engine.replace(slot: 0, message: $0.trainingSummary) }
    }
    defer { withExtendedLifetime(checkpointWatch) {} }
    var state = ExplorerState(
      columns: terminal.size.columns, rows: terminal.size.rows,
      gallery: Gallery(entries, classNames: classes.names),
      slots: sources.map(\.slot), classes: classes)
    state.features = terminal.features
    memory.restore(&state)
    settings.apply(to: &state)
    if entries.isEmpty {
      state.complain("\(data) holds no PNG or JPEG pictures; give another folder with --data")
    }
    if let problem = terminal.colourProblem { state.note("\(problem); hfgd terminal tells more") }
    ExplorerLoop(
      state, on: terminal, engine: engine, mailbox: mailbox, rightOfWay: rightOfWay, memory: memory,
      script: replayed
    ).run()
    terminal.close()
    // A model may be at work still: it is given up, but only between two of its steps.
    (terminal.endSignal == nil ? ExitStatus.success : .interrupted).exitAtOnce()
  }

  /// The model of a run that has saved a checkpoint already.
  private func watched(_ run: RunFolder) throws -> SlotSource {
    guard FileManager.default.fileExists(atPath: run.last) else {
      throw CommandFailure(
        .checkpoint,
        "\(run.path) holds no last.safetensors yet; wait for the run's first checkpoint, or lower its checkpoint_every"
      )
    }
    return try source(run.last)
  }

  /// The images with their labels; `nil` where there is no picture, which is told on the screen.
  private func dataSet(_ path: String, classes: ClassTable) throws -> DataSet? {
    let request = try dataOptions.request(classes: classes, needsLabels: false)
    do throws(DataSetFailure) {
      let set = try DataSetOptions.open(path, request)
      // The list has been read to its end; keys come from the terminal.
      if path == "-" { TerminalLine.becomeStandardInput() }
      return set
    } catch {
      if case .noImages = error { return nil }
      throw CommandFailure(error)
    }
  }

  private func readScript(_ path: String) throws -> ExplorerScript {
    let bytes: [UInt8]
    do throws(FileFailure) { bytes = try FileBytes.read(path, maxBytes: 1 << 20) } catch {
      throw CommandFailure(.usage, error.description)
    }
    do throws(ScriptFailure) {
      return try ExplorerScript(String(decoding: bytes, as: UTF8.self))
    } catch {
      throw CommandFailure(.usage, "\(path): \(error)")
    }
  }

  /// The models and the folder that were named, or the samples.
  private func subject() throws -> (models: [String], data: String) {
    if let data { return (models, data) }
    let executable =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    guard
      let samples = SamplesFolder.find(
        executable: executable, current: FileManager.default.currentDirectoryPath)
    else {
      throw CommandFailure(
        .usage,
        "the samples are not where they should be; say what to show: hfgd explore MODEL --data FOLDER"
      )
    }
    let names = ["hfgd-mobilenet_v2-camvid", "sfpn-mobilenet_v2-camvid"]
    return (
      names.map { samples.appendingPath("models/\($0).safetensors") },
      samples.appendingPath("scenes")
    )
  }

  /// What a MODEL argument stands for; a checkpoint's configuration is read now, its tensors when they are needed.
  private func source(_ name: String) throws -> SlotSource {
    if Folder.exists(name) { return .folder(path: name, name: name.fileName) }
    let isPreset = !FileManager.default.fileExists(atPath: name)
    let reference = ModelReference(name: name, seed: isPreset ? random : nil)
    let source = try reference.source()
    if case .preset = source, random == nil { _ = try reference.load(threads: Threads(1)) }
    return .model(source.configuration, reference)
  }

  /// The classes that the models agree on; models of other classes cannot be compared.
  private func classTable(_ sources: [SlotSource]) throws -> ClassTable {
    let configurations = sources.compactMap { source -> ModelConfiguration? in
      if case .model(let configuration, _) = source { configuration } else { nil }
    }
    guard let first = configurations.first else {
      throw CommandFailure(
        .usage, "a folder of predictions is compared with a model; name a checkpoint first")
    }
    if let other = configurations.first(where: { $0.classes != first.classes }) {
      throw CommandFailure(
        .usage,
        "\(first.name) and \(other.name) have different classes (\(first.classes.count) and \(other.classes.count)); compare models of the same classes"
      )
    }
    return first.classTable
  }
}

extension Checkpoint {
  /// How far training is, in a few words: "step 1200, best mIoU 66.1 at step 1000".
  fileprivate var trainingSummary: String {
    let step = training?["step"]?.int.map { "step \($0)" } ?? "a newer checkpoint"
    guard let best = training?["best"], let meanIoU = best["mIoU"]?.double,
      let at = best["step"]?.int
    else { return step }
    return step + ", best mIoU \(meanIoU.formatted(decimals: 1)) at step \(at)"
  }
}
