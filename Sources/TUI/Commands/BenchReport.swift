import Core

/// What `hfgd bench` measured, for people and as JSON.
struct BenchReport {
  let model: String
  let size: Size
  let outputStride: Int
  let threads: Int
  let timings: Timings
  let program: Program
  let peakBytes: Int

  /// One row of the table.
  private struct Row {
    let name: String
    let seconds: Double
    let multiplyAdds: Int

    /// Two operations for each multiply-accumulate.
    var gigaflops: Double { multiplyAdds == 0 ? .nan : 2 * Double(multiplyAdds) / seconds / 1e9 }
  }

  private var rows: [Row] {
    var names: [String] = []
    var products: [String: Int] = [:]
    for step in program.steps {
      let name = ModelSummary.module(of: step.name)
      if !names.contains(name) { names.append(name) }
      products[name, default: 0] += step.multiplyAdds
    }
    let modules = names.map {
      Row(name: $0, seconds: timings.median(of: $0), multiplyAdds: products[$0] ?? 0)
    }
    let rest = timings.median - modules.reduce(0) { $0 + $1.seconds }
    return modules + [
      Row(name: "normalise, resize, argmax", seconds: max(0, rest), multiplyAdds: 0)
    ]
  }

  /// A heading, a table of modules and the memory.
  var text: String {
    var table = TextTable(["module", "ms", "MACs 10⁹", "GFLOP/s"])
    let total = Row(name: "total", seconds: timings.median, multiplyAdds: program.multiplyAdds)
    for row in rows + [total] {
      table.add([
        row.name, milliseconds(row.seconds),
        (Double(row.multiplyAdds) / 1e9).formatted(decimals: 2),
        row.gigaflops.formatted(decimals: 0),
      ])
    }
    return """
      \(model.printable) at \(size.width)×\(size.height), output stride \(outputStride), \
      \(threads.counted("thread")), \(timings.totals.count.counted("run"))
      median \(milliseconds(timings.median)) ms, fastest \(milliseconds(timings.totals.min() ?? .nan)), \
      slowest \(milliseconds(timings.totals.max() ?? .nan))

      \(table.text)

      activations \(mebibytes(program.arenaBytes)) MiB planned (no plan needs less than \
      \(mebibytes(program.lowerBoundBytes))), peak of the process \(mebibytes(peakBytes)) MiB
      """
  }

  /// The same as `hfgd.bench/1`.
  var json: JSON {
    .report(
      "bench",
      [
        JSON.Member("model", .string(model)), JSON.Member("width", .number("\(size.width)")),
        JSON.Member("height", .number("\(size.height)")),
        JSON.Member("output_stride", .number("\(outputStride)")),
        JSON.Member("threads", .number("\(threads)")),
        JSON.Member("milliseconds", .number(1000 * timings.median, decimals: 3)),
        JSON.Member("runs", .array(timings.totals.map { .number(1000 * $0, decimals: 3) })),
        JSON.Member("multiply_adds", .number("\(program.multiplyAdds)")),
        JSON.Member("arena_bytes", .number("\(program.arenaBytes)")),
        JSON.Member("arena_lower_bound_bytes", .number("\(program.lowerBoundBytes)")),
        JSON.Member("peak_bytes", .number("\(peakBytes)")),
        JSON.Member(
          "modules",
          .array(
            rows.map {
              .object([
                JSON.Member("name", .string($0.name)),
                JSON.Member("milliseconds", .number(1000 * $0.seconds, decimals: 3)),
                JSON.Member("multiply_adds", .number("\($0.multiplyAdds)")),
              ])
            })),
      ])
  }

  private func milliseconds(_ seconds: Double) -> String { (1000 * seconds).formatted(decimals: 1) }

  private func mebibytes(_ bytes: Int) -> String { (Double(bytes) / 0x1p20).formatted(decimals: 0) }
}
