// Products with the left side transposed: sums of outer products, a tile of TILE_ROWS × 2 vectors in registers.

INLINE void outer_tile(const int rows, const int vectors, const float *const *a, long row,
                       const float *restrict b, long depth, long columns, float *c, long stride,
                       int accumulates) {
  vector sums[TILE_ROWS][2];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = 0;
  }
  for (long k = 0; k < depth; k++) {
    const float *left = a[k];
    if (!left) continue;
    left += row;
    vector right[2];
    UNROLL for (int v = 0; v < vectors; v++) right[v] = *(const vector *)(b + (2 * k + v) * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      const vector factor = left[r];
      UNROLL for (int v = 0; v < vectors; v++) sums[r][v] += factor * right[v];
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      float *place = c + r * stride + v * LANES;
      const long count = columns - v * LANES;
      vector before;
      if (accumulates) {
        load_lanes(place, count, &before);
        sums[r][v] += before;
      }
      store_lanes(place, count, &sums[r][v]);
    }
  }
}

#define PRODUCT_CASE(R)                                                                          \
  case R:                                                                                        \
    if (left > LANES) outer_tile(R, 2, a, row, panel, depth, left, place, stride, accumulates);  \
    else outer_tile(R, 1, a, row, panel, depth, left, place, stride, accumulates);               \
    break;

static void outer(const float *const *a, long rows, const float *b, long depth, long columns,
                  float *c, long stride, int accumulates) {
  for (long column = 0; column < columns; column += 2 * LANES) {
    const float *panel = b + column * depth;
    const long left = columns - column;
    for (long row = 0; row < rows; row += TILE_ROWS) {
      float *place = c + row * stride + column;
      switch (rows - row < TILE_ROWS ? rows - row : TILE_ROWS) { PRODUCT_CASES }
    }
  }
}

#undef PRODUCT_CASE
