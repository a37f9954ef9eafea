import ArgumentParser

/// `hfgd lens`: what lies behind a prediction.
struct Lens: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look behind a prediction: similarity, teacher and student, a part by itself.",
    usage: "hfgd lens <subcommand>",
    discussion: """
      The explorer shows the same on its screen; docs/lenses.md says what the
      numbers are.

      EXAMPLES
        hfgd lens similarity model.safetensors street.jpg --token Car -o car.png
        hfgd lens teacher model.safetensors --data camvid --split val
        hfgd lens what-if model.safetensors --data camvid --bias Pole=0.5
        hfgd lens view model.safetensors street.jpg --region 0,0,240x180 --scale 2
      """,
    subcommands: [LensSimilarity.self, LensTeacher.self, LensView.self, LensWhatIf.self])
}
