import Core

/// What `hfgd bench` measured, for people and as JSON.
struct BenchReport {
  let settings: BenchSettings
  /// Whether rows are steps instead of modules.
  var bySteps = false
  let timings: Timings
  let program: Program
  let peakBytes: Int
  /// Seconds from the start of the process to its first label map.
  let firstResult: Double
  /// Floating-point operations per second of our own matrix product, in the same run.
  let productRate: Double
  /// The same of OpenBLAS.
  let blasRate: Double
  /// What the precision changes, where that was asked.
  var cost: PrecisionCost?
  /// What is compared with.
  var baseline: BenchBaseline?

  /// What lies between the network and the clock.
  private static let rest = "normalise, resize, argmax"

  /// One row of the table.
  private struct Row {
    let name: String
    let seconds: Double
    var multiplyAdds = 0
    var baselineSeconds = Double.nan

    /// Two operations for each multiply-accumulate.
    var operationsPerSecond: Double {
      multiplyAdds == 0 ? .nan : 2 * Double(multiplyAdds) / seconds
    }
    /// The part of the baseline's time; above 1 is slower.
    var ratio: Double { seconds / baselineSeconds }
  }

  private var modules: [Row] {
    var names: [String] = []
    var products: [String: Int] = [:]
    for step in program.steps {
      let name = Self.group(of: step, bySteps: bySteps)
      if !names.contains(name) { names.append(name) }
      products[name, default: 0] += step.multiplyAdds
    }
    let modules = names.map {
      row($0, timings.median(of: $0), multiplyAdds: products[$0] ?? 0)
    }
    return modules + [row(Self.rest, max(0, timings.median - timings.networkMedian))]
  }

  /// The row that a step belongs to: its module, or one of its own.
  static func group(of step: Program.Step, bySteps: Bool) -> String {
    guard bySteps else { return ModelSummary.module(of: step.name) }
    let shape = step.outputShape
    return "\(step.name): \(step.operation.summary) [\(shape.h), \(shape.w), \(shape.c)]"
  }

  private func row(_ name: String, _ seconds: Double, multiplyAdds: Int = 0) -> Row {
    Row(
      name: name, seconds: seconds, multiplyAdds: multiplyAdds,
      baselineSeconds: baseline?.modules[name] ?? .nan)
  }

  private var network: Row {
    Row(
      name: "network", seconds: timings.networkMedian, multiplyAdds: program.multiplyAdds,
      baselineSeconds: baseline?.networkSeconds ?? .nan)
  }

  private var total: Row {
    Row(
      name: "total", seconds: timings.median, multiplyAdds: program.multiplyAdds,
      baselineSeconds: baseline?.seconds ?? .nan)
  }

  /// The median of the whole run as a part of the baseline's; NaN without one.
  var ratio: Double { total.ratio }

  /// A heading, a table of modules, the ceiling and the memory.
  var text: String {
    var table = TextTable(
      ["module", "ms", "MACs 10⁹", "GFLOP/s", "% of GEMM"]
        + (baseline == nil ? [] : ["baseline ms", "ratio"]))
    for row in modules + [network, total] {
      let share = row.operationsPerSecond / productRate
      table.add(
        [
          row.name, milliseconds(row.seconds),
          (Double(row.multiplyAdds) / 1e9).formatted(decimals: 2),
          (row.operationsPerSecond / 1e9).formatted(decimals: 0),
          (100 * share).formatted(decimals: 0),
        ]
          + (baseline == nil
            ? [] : [milliseconds(row.baselineSeconds), row.ratio.formatted(decimals: 3)]))
    }
    let (m, n, k) = Threads.ratedProduct
    return """
      \(settings), \(timings.totals.count.counted("run"))
      median \(milliseconds(timings.median)) ms, fastest \(milliseconds(timings.totals.min() ?? .nan)), \
      slowest \(milliseconds(timings.totals.max() ?? .nan))

      \(table.text)

      GEMM: \((productRate / 1e9).formatted(decimals: 0)) GFLOP/s in this run, a matrix product of \
      \(m)×\(k) and \(k)×\(n) on each thread (OpenBLAS: \((blasRate / 1e9).formatted(decimals: 0)))
      first label map \(milliseconds(firstResult)) ms after the start of the process
      activations \(mebibytes(program.arenaBytes)) MiB planned (no plan needs less than \
      \(mebibytes(program.lowerBoundBytes))), peak of the process \(mebibytes(peakBytes)) MiB
      instruction set \(InstructionSet.current.rawValue)
      """ + (cost.map { "\n" + $0.text(seconds: timings.median) } ?? "")
  }

  /// The same as `hfgd.bench/1`.
  var json: JSON {
    .report(
      "bench",
      [
        JSON.Member("model", .string(settings.model)),
        JSON.Member("width", .number("\(settings.size.width)")),
        JSON.Member("height", .number("\(settings.size.height)")),
        JSON.Member("output_stride", .number("\(settings.outputStride)")),
        JSON.Member("threads", .number("\(settings.threads)")),
        JSON.Member("precision", .string(settings.precision.rawValue)),
        JSON.Member("milliseconds", .number(1000 * timings.median, decimals: 3)),
        JSON.Member("runs", runs(timings.totals)),
        JSON.Member("network_milliseconds", .number(1000 * timings.networkMedian, decimals: 3)),
        JSON.Member("network_runs", runs(timings.networks)),
        JSON.Member("first_milliseconds", .number(1000 * firstResult, decimals: 3)),
        JSON.Member("gemm_gigaflops", .number(productRate / 1e9, decimals: 1)),
        JSON.Member("blas_gigaflops", .number(blasRate / 1e9, decimals: 1)),
        JSON.Member("multiply_adds", .number("\(program.multiplyAdds)")),
        JSON.Member("arena_bytes", .number("\(program.arenaBytes)")),
        JSON.Member("arena_lower_bound_bytes", .number("\(program.lowerBoundBytes)")),
        JSON.Member("peak_bytes", .number("\(peakBytes)")),
        JSON.Member("instruction_set", .string(InstructionSet.current.rawValue)),
        JSON.Member(
          "modules",
          .array(
            modules.map {
              .object(
                [
                  JSON.Member("name", .string($0.name)),
                  JSON.Member("milliseconds", .number(1000 * $0.seconds, decimals: 3)),
                  JSON.Member("multiply_adds", .number("\($0.multiplyAdds)")),
                ] + comparison($0))
            })),
      ] + (cost.map { [JSON.Member("float32", $0.json)] } ?? [])
        + (baseline.map { [JSON.Member("baseline", .string($0.path))] } ?? []) + comparison(total))
  }

  /// What a baseline adds to the JSON of a row.
  private func comparison(_ row: Row) -> [JSON.Member] {
    guard baseline != nil else { return [] }
    return [
      JSON.Member("baseline_milliseconds", .number(1000 * row.baselineSeconds, decimals: 3)),
      JSON.Member("ratio", .number(row.ratio, decimals: 4)),
    ]
  }

  private func runs(_ seconds: [Double]) -> JSON {
    .array(seconds.map { .number(1000 * $0, decimals: 3) })
  }

  private func milliseconds(_ seconds: Double) -> String { (1000 * seconds).formatted(decimals: 1) }

  private func mebibytes(_ bytes: Int) -> String { (Double(bytes) / 0x1p20).formatted(decimals: 0) }
}
