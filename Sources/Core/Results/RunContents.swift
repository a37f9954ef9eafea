import Foundation

/// A run with all that it counted, apart from any store.
public struct RunContents: Sendable, Equatable {
  /// What it measures.
  public let description: RunDescription
  /// When it was begun.
  public let started: Date
  /// Its images, none twice.
  public let images: [EncodedImage]

  /// A run from its parts.
  public init(description: RunDescription, started: Date, images: [EncodedImage]) {
    self.description = description
    self.started = started
    self.images = images
  }
}

/// An image's counts in their stored form, in which equal counts are equal bytes.
public struct EncodedImage: Sendable, Equatable {
  /// The image's name in the data set.
  public let name: String
  /// ``ImageCounts/encoded()``.
  public let counts: [UInt8]
  /// How long it took, reading included.
  public let milliseconds: Double

  /// The counts of the image called `name`.
  public init(name: String, counts: [UInt8], milliseconds: Double) {
    self.name = name
    self.counts = counts
    self.milliseconds = milliseconds
  }
}

extension RunDescription {
  /// How many images the run is to count: those of its shard, or all.
  public var imagesToCount: Int {
    shard.map { max(0, (images - $0.index + $0.count) / $0.count) } ?? images
  }
}
