import ArgumentParser
import Core

/// `hfgd runs delete ID…`.
struct RunsDelete: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete runs with all that they counted.",
    discussion: """
      It does not ask. Where one of the numbers is no run, none is deleted.

      EXAMPLE
        hfgd runs delete 1 2
      """)

  @Argument(help: "The numbers of runs, as hfgd runs lists them.")
  var ids: [Int64]

  @OptionGroup var storeOptions: StoreOptions

  func run() throws {
    let store = try storeOptions.openExisting()
    do throws(StoreFailure) {
      for id in ids { _ = try store.run(id) }
      for id in Set(ids) { try store.delete(id) }
    } catch {
      throw CommandFailure(error)
    }
  }
}
