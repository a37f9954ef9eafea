// swift-tools-version: 6.2
import PackageDescription

/// Kernels are useless without optimisation (up to 1500 times slower), so they keep it in debug builds.
let kernelSettings: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
let codecSettings: [CSetting] = [.unsafeFlags(["-O2"], .when(configuration: .debug))]

/// The fuzzers' entry point replaces `main`, so they are built apart (`make fuzz`).
let fuzzTargets: [Target] =
  Context.environment["HFGD_FUZZ"] == nil
  ? []
  : [
    .executableTarget(
      name: "Fuzz", dependencies: ["Core"], path: "Tests/fuzz", exclude: ["corpus", "README.md"],
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ]

let package = Package(
  name: "hfgd",
  products: [
    .executable(name: "hfgd", targets: ["TUI"]),
    .library(name: "HFGDCore", targets: ["Core"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CNCurses", providers: [.apt(["libncursesw5-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .target(name: "CTerminal"),
    .target(name: "CKernels", cSettings: codecSettings),
    .target(name: "CPNG", cSettings: codecSettings, linkerSettings: [.linkedLibrary("png")]),
    .target(name: "CJPEG", cSettings: codecSettings, linkerSettings: [.linkedLibrary("jpeg")]),
    .target(name: "CMPI"),
    .target(
      name: "Core",
      dependencies: [
        "CKernels", "CMPI", "COpenBLAS", "CPNG", "CJPEG", "CZlib",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: kernelSettings),
    .target(name: "Viz", dependencies: ["Core"], swiftSettings: kernelSettings),
    .executableTarget(
      name: "TUI",
      dependencies: [
        "Core", "Viz", "CMalloc", "CNCurses", "CTerminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "TestSupport", dependencies: ["Core"], path: "Tests/TestSupport",
      // Its measures run over all parameters of a model.
      swiftSettings: kernelSettings),
    .testTarget(
      name: "CoreTests",
      dependencies: [
        "CKernels", "Core", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      exclude: ["Goldens"]),
    .testTarget(name: "VizTests", dependencies: ["Viz", "TestSupport"]),
    .testTarget(name: "TUITests", dependencies: ["TUI", "TestSupport"]),
  ] + fuzzTargets
)
