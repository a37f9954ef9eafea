/// Figure 3(b) of arXiv:2103.14030: attention in (shifted) windows and an MLP, each behind a LayerNorm and with its input added.
struct SwinBlock: Sendable {
  let norm1: Norm
  let attention: SwinAttention
  let norm2: Norm
  let expand, project: Conv

  init(
    _ weights: Weights, _ width: Int, heads: Int, window: Int, shift: Int, _ rule: WindowShift
  ) {
    norm1 = Norm(weights["norm1"], width, epsilon: Swin.epsilon)
    attention = SwinAttention(
      weights["attn"], width, heads: heads, window: window, shift: shift, rule)
    norm2 = Norm(weights["norm2"], width, epsilon: Swin.epsilon)
    expand = Conv(linear: weights["mlp.fc1"], width, 4 * width, .gelu)
    project = Conv(linear: weights["mlp.fc2"], 4 * width, width)
  }

  /// y = x + attention(norm1(x)), and y + project(expand(norm2(y))), all `[n, h, w, width]`.
  func callAsFunction(_ x: Value) -> Value {
    let y = attention(norm1(x), adding: x)
    return project(expand(norm2(y)), adding: y)
  }
}

/// Multi-head attention in windows, with a trained bias for each relative position.
struct SwinAttention: Sendable {
  private let name: String
  private let projections, output: Conv
  private let form: Form

  private enum Form: Sendable {
    /// The positions looked up.
    case fixed(WindowAttention, Deferred<RelativePositions?>)
    case trained(WindowAttention, table: ParameterLayout.Entry, bias: ParameterLayout.Entry)
  }

  init(
    _ weights: Weights, _ width: Int, heads: Int, window: Int, shift: Int, _ rule: WindowShift
  ) {
    name = weights.path
    projections = Conv(linear: weights["qkv"], width, 3 * width)
    output = Conv(linear: weights["proj"], width, width)
    let attention = WindowAttention(heads: heads, window: window, shift: shift, rule)
    let table = "relative_position_bias_table"
    if weights.isTraining {
      form = .trained(
        attention, table: weights.parameter(table), bias: weights["qkv"].parameter("bias"))
    } else {
      let rows = RelativePositions.tableRows(window: window)
      form = .fixed(
        attention,
        weights.layer {
          weights.withTensor(table, [rows, heads], .positionBias) { values in
            values.baseAddress.map { attention.positions($0, depth: width / heads) }
          }
        })
    }
  }

  /// attention(x) + residual.
  func callAsFunction(_ x: Value, adding residual: Value) -> Value {
    let projected = projections(x)
    let attended: Value
    switch form {
    case .fixed(let attention, let positions):
      attended = projected.applying(
        attention.adding(
          positions: positions.value, padding: projections.convolution?.bias ?? []),
        named: name)
    case .trained(let attention, let table, let bias):
      attended = projected.applying(
        attention, to: table.value(in: x.trace), bias.value(in: x.trace), named: name)
    }
    return output(attended, adding: residual)
  }
}
