/// Something that is wrong with a data set, and what mends it.
public struct Finding: Sendable, Equatable {
  /// What is wrong, in one word; the raw value stands in reports.
  public enum Problem: String, Sendable, CaseIterable {
    /// Files cannot be read.
    case unreadable
    /// Images have no labels.
    case unlabelled
    /// Labels are colours.
    case colours
    /// Colours that no class has.
    case unknownColours = "unknown_colours"
    /// Labels and pictures differ in size.
    case sizes
    /// Masks of 0 and 255.
    case binary
    /// Cityscapes' or COCO's ids in place of class numbers.
    case ids
    /// Every class is one too high, or one value too many is used.
    case offByOne = "off_by_one"
    /// Labels that begin at 0 are reduced nevertheless.
    case reducedTwice = "reduced_twice"
    /// Values that no class has.
    case stray
    /// Nothing would be counted.
    case allIgnored = "all_ignored"
    /// The model knows other classes than the data set.
    case classes
  }

  /// What is wrong.
  public let problem: Problem
  /// The same in words.
  public let sentence: String
  /// What mends it, in words; where flags do, they are in it.
  public let remedy: String
  /// The flags alone; `nil` where the files themselves must change.
  public var flags: String?
  /// Names of samples that show it.
  public var examples: [String] = []
}
