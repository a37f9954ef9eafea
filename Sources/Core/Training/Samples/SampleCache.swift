import Synchronization

/// A sample as it was read.
struct DecodedSample: Sendable {
  let picture: Picture
  /// Class numbers, encoded.
  let labels: LabelMap

  /// Memory that the pixels take.
  var byteCount: Int { picture.samples.count + 2 * labels.values.count }
}

/// Memory for decoded samples, which several caches may share.
final class SampleBudget: Sendable {
  private let left: Mutex<Int>

  /// A budget of so many bytes of pixels.
  init(bytes: Int) { left = Mutex(bytes) }

  /// Takes `bytes` of what is left; `false` where that is less.
  func take(_ bytes: Int) -> Bool {
    left.withLock { left in
      guard bytes <= left else { return false }
      left -= bytes
      return true
    }
  }
}

/// Reads samples, and keeps as many of them as fit a budget.
///
/// Every sample comes once in an epoch, so none is worth more than another: what is there first stays.
final class SampleCache: Sendable {
  private let samples: [Sample]
  private let budget: SampleBudget
  private let kept = Mutex<[Int: DecodedSample]>([:])

  init(_ samples: [Sample], budget: SampleBudget) {
    self.samples = samples
    self.budget = budget
  }

  /// The sample of this number, from memory or from its files.
  func sample(_ index: Int) throws(SampleFailure) -> DecodedSample {
    if let sample = kept.withLock({ $0[index] }) { return sample }
    let sample = try Self.read(samples[index])
    kept.withLock { kept in
      if kept[index] == nil && budget.take(sample.byteCount) { kept[index] = sample }
    }
    return sample
  }

  private static func read(_ sample: Sample) throws(SampleFailure) -> DecodedSample {
    do {
      let picture = try sample.readPicture()
      guard let labels = try sample.readLabels() else {
        throw SampleFailure.noLabels(image: sample.image.path)
      }
      guard labels.width == picture.width && labels.height == picture.height else {
        throw SampleFailure.differentSizes(
          image: sample.image.path, picture: "\(picture.width)×\(picture.height)",
          labels: "\(labels.width)×\(labels.height)")
      }
      return DecodedSample(picture: picture, labels: labels)
    } catch let failure as SampleFailure {
      throw failure
    } catch let failure as ImageFailure {
      throw .image(failure)
    } catch {
      preconditionFailure("\(sample.image.path): \(error)")
    }
  }
}

/// Why a sample cannot be trained on.
public enum SampleFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// One of its files cannot be read.
  case image(ImageFailure)
  /// It has no label file.
  case noLabels(image: String)
  /// Picture and labels differ in size.
  case differentSizes(image: String, picture: String, labels: String)

  /// The file, what was expected and found, and the remedy.
  public var description: String {
    switch self {
    case .image(let failure): "\(failure)"
    case .noLabels(let image):
      "\(image): expected a label map of the same name, found none; add it or remove the image"
    case .differentSizes(let image, let picture, let labels):
      "\(image) is \(picture) pixels large, expected labels of that size, found \(labels); "
        + "correct one of them or remove the pair"
    }
  }
}
