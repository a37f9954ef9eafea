import ArgumentParser
import Core
import Viz

/// A model and a picture: what a lens looks through and at.
struct LensInput {
  let segmenter: Segmenter
  let outputStride: Int
  let path: String
  let picture: Picture

  var configuration: ModelConfiguration { segmenter.model.configuration }

  /// Loads the model and reads the picture, which must fit into memory.
  init(_ options: ModelOptions, _ stage: StageOptions, image: String, threads: Threads) throws {
    let model = try options.load(threads: threads)
    segmenter = Segmenter(model, threads: threads)
    outputStride = try stage.outputStride(of: model.configuration)
    path = image
    picture = try segmenter.picture(at: image, outputStride: outputStride)
  }

  /// Whether the stage is that of the second student.
  var isRefined: Bool { outputStride == configuration.refineStride }

  /// The members that begin every lens's report.
  var members: [JSON.Member] {
    let frame = segmenter.frame(width: picture.width, height: picture.height)
    return [
      JSON.Member("model", .string(configuration.name)), JSON.Member("image", .string(path)),
      JSON.Member("output_stride", .number("\(outputStride)")),
      JSON.Member("width", .number("\(picture.width)")),
      JSON.Member("height", .number("\(picture.height)")),
      JSON.Member("padded_width", .number("\(frame.width)")),
      JSON.Member("padded_height", .number("\(frame.height)")),
    ]
  }
}

extension Segmenter {
  /// The picture of a file that is to be segmented.
  func picture(at path: String, outputStride: Int) throws -> Picture {
    let picture: Picture
    do throws(ImageFailure) { picture = try ImageFile.readPicture(at: path) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
    do throws(TooLittleMemory) {
      try checkMemory(width: picture.width, height: picture.height, outputStride: outputStride)
    } catch {
      throw CommandFailure(.someInputsFailed, "\(path): \(error)")
    }
    return picture
  }
}

/// The files that a lens writes.
struct LensOutput: ParsableArguments {
  @Option(
    name: .shortAndLong, help: "Write a figure, PNG or JPEG.",
    completion: .file(extensions: ["png", "jpg"]))
  var output: String?

  mutating func validate() throws {
    if let output, ImageFormat(path: output) == nil {
      throw ValidationError("--output is a file that ends in .png or .jpg.")
    }
  }

  /// Writes the figure, if one is wanted.
  func write(_ sheet: @autoclosure () -> FigureSheet) throws {
    guard let output else { return }
    do throws(ImageFailure) { try ImageFile.write(sheet().picture(), to: output) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
  }

  /// Writes an array.
  static func write(npy tensor: Tensor, to path: String) throws {
    do throws(FileFailure) { try AtomicFile.write(tensor.channelsFirstNPY, to: path) } catch {
      throw CommandFailure(.someInputsFailed, error.description)
    }
  }
}

extension JSON {
  /// Numbers with so many digits after the point.
  static func numbers(_ values: some Sequence<Double>, decimals: Int) -> JSON {
    .array(values.map { .number($0, decimals: decimals) })
  }
}
