import Foundation

/// A run as the store has it.
public struct StoredRun: Sendable, Equatable {
  /// Its number in the store, from 1.
  public let id: Int64
  /// What it measures.
  public let description: RunDescription
  /// When it was begun.
  public let started: Date
  /// How many images it is to count.
  public let images: Int
  /// How many it has counted.
  public let counted: Int

  /// Whether nothing is missing.
  public var isComplete: Bool { counted >= images }
}

/// What was counted on one image of a run.
public struct StoredImage: Sendable, Equatable {
  /// The image's name in the data set.
  public let name: String
  /// What was counted.
  public let counts: ImageCounts
  /// How long it took, reading included.
  public let milliseconds: Double

  /// The counts of the image called `name`.
  public init(name: String, counts: ImageCounts, milliseconds: Double) {
    self.name = name
    self.counts = counts
    self.milliseconds = milliseconds
  }
}
