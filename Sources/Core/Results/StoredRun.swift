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

/// What was counted on one image of a run, in its stored form: thousands of them fit into memory, their matrices would not.
public struct StoredImage: Sendable, Equatable {
  /// The image's name in the data set.
  public let name: String
  /// ``ImageCounts/encoded()``.
  let encoded: [UInt8]
  /// How long it took, reading included.
  public let milliseconds: Double

  /// What was counted.
  public var counts: ImageCounts {
    do { return try ImageCounts(decoding: encoded) } catch {
      preconditionFailure("\(name): counts that could be read cannot be read again: \(error)")
    }
  }

  /// The counts of the image called `name`.
  public init(name: String, counts: ImageCounts, milliseconds: Double) {
    self.name = name
    encoded = counts.encoded()
    self.milliseconds = milliseconds
  }

  /// An image as it is stored; counts that are damaged, or of other than `classes` classes, are refused.
  init(name: String, encoded: [UInt8], milliseconds: Double, classes: Int) throws(CountsFailure) {
    guard try ImageCounts(decoding: encoded).classes == classes else { throw .damaged }
    self.name = name
    self.encoded = encoded
    self.milliseconds = milliseconds
  }
}
