// Matrix products: a tile of TILE_ROWS × 2 vectors stays in registers over the whole depth. In products of bfloat16 a
// float's place holds a pair of values.

INLINE void epilogue_row(vector *sum, long count, long column, const float *residual,
                         const struct hfgd_epilogue *e, float *c) {
  vector other;
  if (e->bias) {
    load_lanes(e->bias + column, count, &other);
    *sum += other;
  }
  if (residual) {
    load_lanes(residual, count, &other);
    *sum += other;
  }
  clamp(sum, e->low, e->high);
  store_lanes(c, count, sum);
}

// Writes a tile, added to what is there where it accumulates, through the epilogue, if there is one; of the last vector
// `last` lanes.
INLINE void finish_tile(const int rows, const int vectors, long last, vector sums[TILE_ROWS][2],
                        long column, float *c, long stride, int accumulates, const float *residual,
                        const struct hfgd_epilogue *e) {
  const float low = e ? e->low : -__builtin_inff(), high = e ? e->high : __builtin_inff();
  vector bias[2] = {0, 0};
  if (e && e->bias) {
    UNROLL for (int v = 0; v + 1 < vectors; v++) bias[v] = LOAD(e->bias + column + v * LANES);
    load_lanes(e->bias + column + (vectors - 1) * LANES, last, &bias[vectors - 1]);
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      const long offset = r * stride + v * LANES, count = v + 1 < vectors ? LANES : last;
      vector sum = sums[r][v], other;
      if (accumulates) {
        load_lanes(c + offset, count, &other);
        sum += other;
      }
      sum += bias[v];
      if (residual) {
        load_lanes(residual + offset, count, &other);
        sum += other;
      }
      clamp(&sum, low, high);
      store_lanes(c + offset, count, &sum);
    }
  }
}

INLINE void product_tile(const int is_half, const int rows, const int vectors, const float *restrict a,
                         const float *restrict b, const float *const ahead[2], long depth,
                         long column, long columns, float *c, long stride, int accumulates,
                         const struct hfgd_epilogue *e) {
  const float *residual = e && e->residual ? e->residual + column : 0;
  c += column;
  // What will be written, and read for it, is on its way while the products are made, if they take long enough.
  for (int r = 0; r < rows && depth >= 48; r++) {
    for (int v = 0; v < vectors * LANES; v += 16) {
      __builtin_prefetch(c + r * stride + v, 1);
      if (residual) __builtin_prefetch(residual + r * stride + v);
    }
  }
  vector sums[TILE_ROWS][2];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = 0;
  }
  const float *first = ahead[0], *second = ahead[1];
  for (long k = 0; k < depth; k++) {
    vector right[2];
    __builtin_prefetch(first + k * LANES);
    __builtin_prefetch(second + k * LANES);
    UNROLL for (int v = 0; v < vectors; v++) right[v] = *(const vector *)(b + (2 * k + v) * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      const vector left = a[r * HFGD_ROW + k];
      UNROLL for (int v = 0; v < vectors; v++) {
        if (is_half) add_half_products(&sums[r][v], &left, &right[v]);
        else sums[r][v] += left * right[v];
      }
    }
  }
  if (columns - column >= vectors * LANES && !e) {
    UNROLL for (int r = 0; r < rows; r++) {
      UNROLL for (int v = 0; v < vectors; v++) {
        float *place = c + r * stride + v * LANES;
        STORE(place, accumulates ? LOAD(place) + sums[r][v] : sums[r][v]);
      }
    }
    return;
  }
  const long left = columns - column;
  const long last = left >= vectors * LANES ? LANES : left - (vectors - 1) * LANES;
  finish_tile(rows, vectors, last, sums, column, c, stride, accumulates, residual, e);
}

#define PRODUCT_CASE(R)                                                                         \
  case R:                                                                                       \
    if (columns - column > LANES)                                                               \
      product_tile(is_half, R, 2, at, panel, ahead, depth, column, columns, ct, stride, accumulates, epilogue ? &e : 0); \
    else                                                                                        \
      product_tile(is_half, R, 1, at, panel, ahead, depth, column, columns, ct, stride, accumulates, epilogue ? &e : 0); \
    break;

// Every number of rows that a tile may have.
#define PRODUCT_CASES                                                                            \
  PRODUCT_CASE(1) PRODUCT_CASE(2) PRODUCT_CASE(3) PRODUCT_CASE(4) PRODUCT_CASE(5) PRODUCT_CASE(6) \
  MORE_PRODUCT_CASES
#if TILE_ROWS == 6
#define MORE_PRODUCT_CASES
#elif TILE_ROWS == 14
#define MORE_PRODUCT_CASES                                                                       \
  PRODUCT_CASE(7) PRODUCT_CASE(8) PRODUCT_CASE(9) PRODUCT_CASE(10)                               \
  PRODUCT_CASE(11) PRODUCT_CASE(12) PRODUCT_CASE(13) PRODUCT_CASE(14)
#else
#error "a tile has 6 or 14 rows"
#endif

INLINE void product_of(const int is_half, const float *a, long rows, const float *b, long depth,
                       long columns, float *c, long stride, int accumulates,
                       const struct hfgd_epilogue *epilogue, const struct hfgd_next *next) {
  const long panels = (columns + 2 * LANES - 1) / (2 * LANES);
  for (long column = 0; column < columns; column += 2 * LANES) {
    const float *panel = b + column * depth, *half = panel + LANES * depth;
    // The panel that comes next is fetched while the first tiles of rows are multiplied: half by each of the first two,
    // or all of it by the only one. Panels come from afar, and without this the products wait for them.
    const float *following = column + 2 * LANES < columns ? half + LANES * depth
                             : next                       ? next->panel
                                                          : 0;
    for (long row = 0; row < rows; row += TILE_ROWS) {
      const float *at = a + row * HFGD_ROW;
      float *ct = c + row * stride;
      struct hfgd_epilogue e = {0};
      if (epilogue) {
        e = *epilogue;
        if (e.residual) e.residual += row * stride;
      }
      const long left = rows - row;
      const float *ahead[2] = {panel, half};
      if (following && row == 0) ahead[0] = following;
      if (following && row == (rows > TILE_ROWS ? TILE_ROWS : 0)) ahead[1] = following + LANES * depth;
      // The rows that come next, a few with each panel.
      if (next && next->rows) {
        for (long r = row + column / (2 * LANES); r < next->count && r < row + TILE_ROWS; r += panels) {
          for (long k = 0; next->rows[r] && k < next->depth; k += 16)
            __builtin_prefetch(next->rows[r] + k, 0, 2);
        }
      }
      switch (left < TILE_ROWS ? left : TILE_ROWS) { PRODUCT_CASES }
    }
  }
}

static void product(const float *a, long rows, const float *b, long depth, long columns, float *c,
                    long stride, int accumulates, const struct hfgd_epilogue *epilogue,
                    const struct hfgd_next *next) {
  product_of(0, a, rows, b, depth, columns, c, stride, accumulates, epilogue, next);
}

static void product_half(const float *a, long rows, const float *b, long depth, long columns,
                         float *c, long stride, int accumulates,
                         const struct hfgd_epilogue *epilogue, const struct hfgd_next *next) {
  product_of(1, a, rows, b, depth, columns, c, stride, accumulates, epilogue, next);
}

static void gather(const float *const *source, long count, long depth, float *a) {
  for (long r = 0; r < count; r++, a += HFGD_ROW) {
    const float *row = source[r];
    long k = 0;
    if (row) {
      for (; k + LANES <= depth; k += LANES) STORE(a + k, LOAD(row + k));
      if (k < depth) {
        vector rest;
        load_some(row + k, depth - k, &rest);
        store_some(a + k, depth - k, &rest);
      }
    } else {
      for (; k + LANES <= depth; k += LANES) STORE(a + k, (vector)0);
      for (; k < depth; k++) a[k] = 0;
    }
  }
}

#undef PRODUCT_CASE
