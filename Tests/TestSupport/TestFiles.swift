import Foundation

/// Where tests find their files, from the place of the test's own source.
public enum TestFiles {
  /// The package's root folder.
  public static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The golden files of the Core tests.
  public static let goldens = package + "/Tests/CoreTests/Goldens"

  /// The golden files of a folder below ``goldens``, without their extension, in order.
  public static func goldenNames(in folder: String) -> [String] {
    let files = try? FileManager.default.contentsOfDirectory(atPath: "\(goldens)/\(folder)")
    return (files ?? []).filter { $0.hasSuffix(".safetensors") }
      .map { $0.replacing(".safetensors", with: "") }.sorted()
  }

  /// Material that stands beside a developer's checkout: trained checkpoints and CamVid; a user does not have it.
  public static let shared = package + "/../shared"

  /// Whether that material is there.
  public static let hasShared = FileManager.default.fileExists(
    atPath: shared + "/models/expected.json")
}
