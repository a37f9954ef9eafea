extension ModelConfiguration {
  /// An answer to what the HFGD paper leaves open, where another is usual: docs/paper.md has both.
  public enum Alternative: String, Sendable, CaseIterable {
    /// No level of the pyramid flows into the finer ones.
    case noTopDown = "no_top_down"
    /// The 3×3 convolution of U-SFPN's laterals follows one of 1×1 instead of replacing it.
    case lateralAdded = "lateral_added"
    /// Laterals are 1×1, and each level passes a 3×3 convolution on its way to the branches.
    case levelConvolved = "level_convolved"
    /// A 1×1 convolution of the context's feature makes p5.
    case p5Convolved = "p5_convolved"
    /// A 1×1 convolution of c5 makes p5, whatever the context.
    case p5FromC5 = "p5_from_c5"
    /// The convolution that makes p5 sees 3×3 pixels.
    case top3x3 = "top_3x3"
    /// Two convolutions stand before each doubling of a branch.
    case twoConvolutions = "two_convolutions"
    /// The convolution behind the branches' sum sees 3×3 pixels.
    case end3x3 = "end_3x3"
    /// Axial attention stands before that convolution.
    case axialBeforeEnd = "axial_before_end"
    /// A 1×1 convolution follows axial attention.
    case axialProjected = "axial_projected"
    /// Axial attention's input is not added to what comes of it.
    case axialAlone = "axial_alone"
    /// CAE's last convolution sees 3×3 pixels.
    case cae3x3 = "cae_3x3"
    /// CAE's first two layers have no ReLU.
    case caeLinear = "cae_linear"
  }

  /// Alternatives to what the model does not have, a sentence each.
  var alternativeContradictions: [String] {
    Alternative.allCases.compactMap { alternative in
      guard alternatives.contains(alternative), let missing = alternative.missing(in: self) else {
        return nil
      }
      return "alternatives has \(alternative.rawValue); it needs \(missing)"
    }
  }
}

extension ModelConfiguration.Alternative {
  /// What the alternative needs, where a model of this configuration has it not.
  fileprivate func missing(in c: ModelConfiguration) -> String? {
    let hasChoices = c.upsampler.row?.leavesChoices == true
    let others = c.alternatives
    let (needed, isThere) =
      switch self {
      case .noTopDown, .twoConvolutions, .end3x3, .levelConvolved:
        ("upsampler sfpn or usfpn", hasChoices)
      case .lateralAdded:
        (
          "upsampler usfpn, without level_convolved",
          c.upsampler == .usfpn && !others.contains(.levelConvolved)
        )
      // Without a teacher nothing would follow from the context.
      case .p5FromC5: ("guidance and upsampler sfpn or usfpn", hasChoices && c.isGuided)
      case .p5Convolved:
        (
          "upsampler sfpn or usfpn on a context, without p5_from_c5",
          hasChoices && c.context != .none && !others.contains(.p5FromC5)
        )
      case .top3x3:
        (
          "upsampler sfpn or usfpn without a context, or with p5_convolved or p5_from_c5",
          hasChoices
            && (c.context == .none || !others.isDisjoint(with: [.p5Convolved, .p5FromC5]))
        )
      case .axialBeforeEnd: ("axial and upsampler sfpn or usfpn", c.isAxial && hasChoices)
      case .axialProjected, .axialAlone: ("axial", c.isAxial)
      case .cae3x3, .caeLinear: ("context cae", c.context == .cae)
      }
    return isThere ? nil : needed
  }
}
