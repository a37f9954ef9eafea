import ArgumentParser

/// `hfgd lens`: what lies behind a prediction.
struct Lens: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look behind a prediction: similarity, teacher and student, features, attention.",
    usage: "hfgd lens <subcommand>",
    discussion: """
      The explorer shows the same on its screen; docs/lenses.md says what the
      numbers are.

      EXAMPLES
        hfgd lens similarity model.safetensors street.jpg --token Car -o car.png
        hfgd lens teacher model.safetensors --data camvid --split val
        hfgd lens what-if model.safetensors --data camvid --bias Pole=0.5
        hfgd lens features model.safetensors street.jpg -o features.png
        hfgd lens scatter a.safetensors b.safetensors --data camvid -o s.png
        hfgd lens attention model.safetensors street.jpg --at 312,201 -o a.png
        hfgd lens view model.safetensors street.jpg --region 0,0,240x180 --scale 2
      """,
    subcommands: [
      LensSimilarity.self, LensTeacher.self, LensFeatures.self, LensScatter.self,
      LensAttention.self, LensWhatIf.self, LensView.self,
    ])
}
