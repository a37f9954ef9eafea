/// How much of HFGD's guidance a model is trained with.
///
/// These are the paper's ablations of tables 3 and 5 and of §5.2.
public enum Guidance: String, Sendable, CaseIterable {
  /// An upsampler with a classifier of its own.
  case none
  /// Class tokens shared with a teacher; no axial attention.
  case tokens
  /// Axial attention; no teacher.
  case axial
  /// Shared tokens and axial attention.
  case full
  /// The same, the student's gradients flowing on into the teacher's half.
  case unstopped

  /// Makes `configuration` and `recipe` those of the ablation.
  func apply(to configuration: inout ModelConfiguration, _ recipe: inout Recipe) {
    configuration.isGuided = self != .none && self != .axial
    configuration.isAxial = self != .none && self != .tokens
    if self == .unstopped { recipe.stopsGradients = false }
  }
}
