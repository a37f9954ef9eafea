import ArgumentParser

/// The command line's root: `hfgd COMMAND …`.
@main
struct HFGD: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hfgd",
    abstract: "Explore semantic segmentation checkpoints in a terminal.",
    version: "0.1.0")
}
