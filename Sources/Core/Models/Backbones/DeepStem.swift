extension ConvBN {
  /// The stem of ResNet-C and later ones: three 3×3 convolutions in place of one of 7×7, the first with stride 2
  /// (arXiv:1812.01187, figure 2b).
  ///
  /// Reads `{0,1,2}` of `weights`; their outputs have `widths` channels.
  static func deepStem(_ weights: Weights, widths: [Int], epsilon: Double) -> [ConvBN] {
    zip([3] + widths, widths).enumerated().map { i, channels in
      ConvBN(
        weights[i],
        ConvolutionGeometry(channels.0, channels.1, kernel: 3, stride: i == 0 ? 2 : 1),
        epsilon: epsilon)
    }
  }
}
