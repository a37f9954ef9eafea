import Core
import Testing

/// What becomes of a preset whose context or upsampler is exchanged.
@Suite("The model of a training")
struct RequestedModelTests {
  private let fixture: TrainingFixture

  init() throws { fixture = try TrainingFixture() }

  private func model(_ change: (inout TrainingRequest) -> Void) throws -> ModelConfiguration {
    var request = TrainingRequest()
    request.data = [fixture.program.path("set")]
    change(&request)
    return try request.plan().configuration
  }

  /// It is as wide as the preset of that name.
  @Test(
    arguments: [
      ("sa_car-mobilenet_v2", .saCAR, .sfpn, "sfpn+sa_car-mobilenet_v2"),
      ("fcn-mobilenet_v2", .sa, .none, "sa-mobilenet_v2"),
      ("sfpn+fcn-mobilenet_v2", .ppm, .uper, "uper+ppm-mobilenet_v2"),
    ] as [(String, ModelConfiguration.ContextKind, ModelConfiguration.UpsamplerKind, String)])
  func exchangedParts(
    _ preset: String, _ context: ModelConfiguration.ContextKind,
    _ upsampler: ModelConfiguration.UpsamplerKind, _ name: String
  ) throws {
    let made = try model { request in
      request.preset = preset
      request.context = context
      request.upsampler = upsampler
    }
    let named = try #require(ModelConfiguration.preset(named: name))
    #expect((made.context, made.upsampler) == (named.context, named.upsampler))
    #expect(made.width == named.width && made.outputStride == named.outputStride)
  }

  /// A width that the preset's name gives stays.
  @Test func namedWidth() throws {
    let made = try model { request in
      request.preset = "sa_car+width=64-mobilenet_v2"
      request.upsampler = .sfpn
    }
    #expect(made.width == 64)
  }

  /// As many pixel queries are learned as a crop has patches, unless the preset's name says otherwise.
  @Test(arguments: [
    ("segvit_shrunk-vit_base", 33), ("segvit_shrunk+query_grid=20-vit_base", 20),
    ("segvit_shrunk+query_grid=40-vit_base", 40), ("segvit-vit_base", 40),
  ])
  func pixelQueries(_ preset: String, _ grid: Int) throws {
    let made = try model { request in
      request.preset = preset
      request.recipe.crop = Recipe.Crop(width: 480, height: 513)
    }
    #expect(made.queryGrid == grid)
  }
}
