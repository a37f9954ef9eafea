// 7×7 depthwise convolutions at stride 1: a run of outputs stays in registers while the inputs pass by.

// `outputs` pixels from column `j` on of a row, of the LANES channels at `c`. Each input under a row of the kernel is loaded
// once and multiplied into all the outputs that see it; what lies outside the image adds nothing.
INLINE void depthwise7_run(const int outputs, const int is_inside, const float *image,
                           const struct hfgd_depthwise *g, long row, long j, long c,
                           const vector *weights, const struct hfgd_epilogue *e,
                           const float *residual, float *y) {
  const long channels = g->channels, top = row - g->padding_height, left = j - g->padding_width;
  const long first = top < 0 ? -top : 0;
  const long end = g->height - top < 7 ? g->height - top : 7;
  vector sums[TILE_ROWS];
  UNROLL for (int o = 0; o < outputs; o++) sums[o] = 0;
  for (long u = first; u < end; u++) {
    // An offset, for the run may begin outside the image.
    const long line = ((top + u) * g->width + left) * channels + c;
    vector w[7];
    UNROLL for (int v = 0; v < 7; v++) w[v] = weights[7 * u + v];
    UNROLL for (int i = 0; i < outputs + 6; i++) {
      if (!is_inside && (left + i < 0 || left + i >= g->width)) continue;
      const vector x = LOAD(image + (line + i * channels));
      UNROLL for (int v = 0; v < 7; v++) {
        if (i - v >= 0 && i - v < outputs) sums[i - v] += x * w[v];
      }
    }
  }
  UNROLL for (int o = 0; o < outputs; o++) {
    const long offset = (j + o) * channels + c;
    epilogue_row(&sums[o], LANES, c, residual ? residual + offset : 0, e, y + offset);
  }
}

#define PRODUCT_CASE(N)                                                                          \
  case N:                                                                                        \
    if (is_inside) depthwise7_run(N, 1, image, g, row + r, j, c, kernel, e, residual, y + r * line); \
    else depthwise7_run(N, 0, image, g, row + r, j, c, kernel, e, residual, y + r * line);      \
    break;

// The first `whole` channels, a multiple of LANES, of output rows `row` ..< `row` + `rows`. A run is made in all rows before
// the next: what their windows have in common is still in the first-level cache then. The kernel is copied, for where it is
// its taps lie a multiple of the channels apart, and would push each other out of that cache.
static void depthwise7_rows(const float *image, const struct hfgd_depthwise *g, long row, long rows,
                            long whole, const float *weights, const struct hfgd_epilogue *e,
                            long width, float *y) {
  // Runs of about equal length.
  const long runs = (width + TILE_ROWS - 1) / TILE_ROWS, line = width * g->channels;
  for (long c = 0; c < whole; c += LANES) {
    vector kernel[49];
    for (int t = 0; t < 49; t++) kernel[t] = LOAD(weights + t * g->channels + c);
    for (long run = 0; run < runs; run++) {
      const long j = run * width / runs, count = (run + 1) * width / runs - j;
      const int is_inside = j >= g->padding_width && j + count + 6 - g->padding_width <= g->width;
      for (long r = 0; r < rows; r++) {
        const float *residual = e->residual ? e->residual + r * line : 0;
        switch (count) { PRODUCT_CASES }
      }
    }
  }
}

#undef PRODUCT_CASE

// The gradient of the weights of the LANES channels at `c` from one output row: seven sums, a row of the kernel's, stay in
// registers, and outputs `from` ..< `to`, whose windows lie between the image's sides, share inputs in pairs.
static void depthwise7_weights_row(const float *image, const struct hfgd_depthwise *g, long row,
                                   const float *dy, long c, long from, long to, long width,
                                   float *sums) {
  const long channels = g->channels, top = row - g->padding_height;
  const long first = top < 0 ? -top : 0;
  const long end = g->height - top < 7 ? g->height - top : 7;
  dy += c;
  for (long u = first; u < end; u++) {
    float *place = sums + 7 * u * channels + c;
    const float *line = image + (top + u) * g->width * channels + c;
    vector w[7];
    UNROLL for (int v = 0; v < 7; v++) w[v] = LOAD(place + v * channels);
    for (long j = 0; j < width;) {
      const long left = j - g->padding_width;
      const vector a = LOAD(dy + j * channels);
      if (j >= from && j + 2 <= to) {
        const float *x = line + left * channels;
        const vector b = LOAD(dy + (j + 1) * channels);
        vector value = LOAD(x);
        UNROLL for (int v = 0; v < 7; v++) {
          const vector next = LOAD(x + (v + 1) * channels);
          w[v] += value * a + next * b;
          value = next;
        }
        j += 2;
      } else {
        UNROLL for (int v = 0; v < 7; v++) {
          if (left + v >= 0 && left + v < g->width) w[v] += LOAD(line + (left + v) * channels) * a;
        }
        j++;
      }
    }
    UNROLL for (int v = 0; v < 7; v++) STORE(place + v * channels, w[v]);
  }
}
