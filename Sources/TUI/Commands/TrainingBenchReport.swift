import Core

/// What `hfgd bench --training` measured, for people and as JSON.
struct TrainingBenchReport {
  let bench: TrainingBench
  /// Whether rows are steps, the slowest first, instead of modules.
  let bySteps: Bool
  let timings: Timings
  /// The forward and the backward half.
  let program: Program
  /// Floats that the optimiser moves.
  let parameterCount: Int
  let peakBytes: Int
  /// Floating-point operations per second of our own matrix product.
  let productRate: Double

  /// What is not a step of the program.
  private static let update = "update of the weights"

  private struct Row {
    let name: String
    let seconds: Double
    var multiplyAdds = 0
  }

  /// The row that a step belongs to: its module, forward and backward, or one of its own.
  static func group(of step: Program.Step, bySteps: Bool) -> String {
    guard bySteps else {
      // Gradients are called "module.path ∂w".
      let path = step.name.split(separator: " ").first.map(String.init) ?? step.name
      return ModelSummary.module(of: path)
    }
    return BenchReport.group(of: step, bySteps: true)
  }

  private var rows: [Row] {
    var names: [String] = []
    var products: [String: Int] = [:]
    for step in program.steps {
      let name = Self.group(of: step, bySteps: bySteps)
      if products[name] == nil { names.append(name) }
      products[name, default: 0] += step.multiplyAdds
    }
    let rows = names.map {
      Row(name: $0, seconds: timings.median(of: $0), multiplyAdds: products[$0] ?? 0)
    }
    let update = Row(name: Self.update, seconds: max(0, timings.median - timings.networkMedian))
    let total = Row(name: "total", seconds: timings.median, multiplyAdds: program.multiplyAdds)
    let parts = rows + [update]
    return (bySteps ? parts.sorted { $0.seconds > $1.seconds } : parts) + [total]
  }

  /// A heading, a table of modules or steps, and the memory.
  var text: String {
    var table = TextTable([bySteps ? "step" : "module", "ms", "%", "MACs 10⁹", "GFLOP/s"])
    for row in rows {
      table.add([
        row.name, milliseconds(row.seconds),
        (100 * row.seconds / timings.median).formatted(decimals: 1),
        (Double(row.multiplyAdds) / 1e9).formatted(decimals: 2),
        (row.multiplyAdds == 0 ? .nan : 2e-9 * Double(row.multiplyAdds) / row.seconds)
          .formatted(decimals: 0),
      ])
    }
    let (model, size) = (bench.model.name.printable, bench.size)
    return """
      training step of \(model), \(bench.batch.counted("picture")) of \(size.width)×\(size.height), \
      \(bench.threads.count.counted("thread")), \(timings.totals.count.counted("run"))
      median \(milliseconds(timings.median)) ms, fastest \(milliseconds(timings.totals.min() ?? .nan)), \
      slowest \(milliseconds(timings.totals.max() ?? .nan)); \
      \((Double(bench.batch) / timings.median).formatted(decimals: 1)) pictures/s

      \(table.text)

      GEMM: \((productRate / 1e9).formatted(decimals: 0)) GFLOP/s in this run
      \((Double(parameterCount) / 1e6).formatted(decimals: 1)) million parameters
      activations and gradients \(mebibytes(program.arenaBytes)) MiB planned\
      \(bench.isRecomputing ? ", normalised maps made again" : "") (no plan needs less than \
      \(mebibytes(program.lowerBoundBytes))), peak of the process \(mebibytes(peakBytes)) MiB
      instruction set \(InstructionSet.current.rawValue)
      """
  }

  /// The same as `hfgd.bench-training/1`.
  var json: JSON {
    .report(
      "bench-training",
      [
        JSON.Member("model", .string(bench.model.name)),
        JSON.Member("width", .number("\(bench.size.width)")),
        JSON.Member("height", .number("\(bench.size.height)")),
        JSON.Member("batch", .number("\(bench.batch)")),
        JSON.Member("recompute", .bool(bench.isRecomputing)),
        JSON.Member("threads", .number("\(bench.threads.count)")),
        JSON.Member(
          "step_milliseconds",
          .object([
            JSON.Member("median", number(timings.median)),
            JSON.Member("fastest", number(timings.totals.min() ?? .nan)),
            JSON.Member("slowest", number(timings.totals.max() ?? .nan)),
            JSON.Member("runs", .array(timings.totals.map(number))),
          ])),
        JSON.Member("gemm_gigaflops", .number(productRate / 1e9, decimals: 1)),
        JSON.Member("multiply_adds", .number("\(program.multiplyAdds)")),
        JSON.Member("parameters", .number("\(parameterCount)")),
        JSON.Member("arena_bytes", .number("\(program.arenaBytes)")),
        JSON.Member("arena_lower_bound_bytes", .number("\(program.lowerBoundBytes)")),
        JSON.Member("peak_bytes", .number("\(peakBytes)")),
        JSON.Member("instruction_set", .string(InstructionSet.current.rawValue)),
        JSON.Member(
          bySteps ? "steps" : "modules",
          .array(
            rows.dropLast().map {
              .object([
                JSON.Member("name", .string($0.name)),
                JSON.Member("milliseconds", number($0.seconds)),
                JSON.Member("multiply_adds", .number("\($0.multiplyAdds)")),
              ])
            })),
      ])
  }

  private func number(_ seconds: Double) -> JSON { .number(1000 * seconds, decimals: 3) }

  private func milliseconds(_ seconds: Double) -> String { (1000 * seconds).formatted(decimals: 1) }

  private func mebibytes(_ bytes: Int) -> String { (Double(bytes) / 0x1p20).formatted(decimals: 0) }
}
