// Rows of 7×7 depthwise convolutions at stride 1: a run of outputs stays in registers while the inputs pass by.

// `outputs` pixels from column `j` on, of the LANES channels at `c`. Each input under a row of the kernel is loaded once
// and multiplied into all the outputs that see it; what lies outside the image adds nothing.
INLINE void depthwise7_run(const int outputs, const int is_inside, const float *image,
                           const struct hfgd_depthwise *g, long top, long first, long end, long j,
                           const float *weights, long c, vector *sums) {
  const long channels = g->channels, left = j - g->padding_width;
  UNROLL for (int o = 0; o < outputs; o++) sums[o] = 0;
  for (long u = first; u < end; u++) {
    // An offset, for the run may begin outside the image.
    const long line = ((top + u) * g->width + left) * channels + c;
    vector w[7];
    UNROLL for (int v = 0; v < 7; v++) w[v] = LOAD(weights + (7 * u + v) * channels + c);
    UNROLL for (int i = 0; i < outputs + 6; i++) {
      if (!is_inside && (left + i < 0 || left + i >= g->width)) continue;
      const vector x = LOAD(image + (line + i * channels));
      UNROLL for (int v = 0; v < 7; v++) {
        if (i - v >= 0 && i - v < outputs) sums[i - v] += x * w[v];
      }
    }
  }
}

#define PRODUCT_CASE(N)                                                                          \
  case N:                                                                                        \
    if (is_inside) depthwise7_run(N, 1, image, g, top, first, end, j, weights, c, sums);         \
    else depthwise7_run(N, 0, image, g, top, first, end, j, weights, c, sums);                   \
    break;

// The LANES channels at `c` of output row `row`.
static void depthwise7_row(const float *image, const struct hfgd_depthwise *g, long row,
                           const float *weights, long c, const struct hfgd_epilogue *e, long width,
                           float *y) {
  const long top = row - g->padding_height;
  const long first = top < 0 ? -top : 0;
  const long end = g->height - top < 7 ? g->height - top : 7;
  // Runs of about equal length.
  const long runs = (width + TILE_ROWS - 1) / TILE_ROWS;
  for (long run = 0; run < runs; run++) {
    const long j = run * width / runs, count = (run + 1) * width / runs - j;
    const int is_inside = j >= g->padding_width && j + count + 6 - g->padding_width <= g->width;
    vector sums[TILE_ROWS];
    switch (count) { PRODUCT_CASES }
    for (long o = 0; o < count; o++) {
      const long offset = (j + o) * g->channels + c;
      epilogue_row(&sums[o], LANES, c, e->residual ? e->residual + offset : 0, e, y + offset);
    }
  }
}

#undef PRODUCT_CASE
