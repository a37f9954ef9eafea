// Right sides of products that are made while the network runs: keys and values of attention.

static void pack(const float *b, long stride, long depth, long columns, float *panels) {
  for (long column = 0; column < columns; column += 2 * LANES) {
    const long width = columns - column < 2 * LANES ? columns - column : 2 * LANES;
    for (long k = 0; k < depth; k++, panels += 2 * LANES) {
      const float *row = b + k * stride + column;
      if (width == 2 * LANES) {
        STORE(panels, LOAD(row));
        STORE(panels + LANES, LOAD(row + LANES));
      } else {
        for (long c = 0; c < 2 * LANES; c++) panels[c] = c < width ? row[c] : 0;
      }
    }
  }
}

typedef float quad __attribute__((ext_vector_type(4)));
typedef float loose_quad __attribute__((ext_vector_type(4), aligned(4)));

static void pack_transposed(const float *b, long stride, long depth, long columns, float *panels) {
  for (long column = 0; column < columns; column += 2 * LANES, panels += depth * 2 * LANES) {
    for (long c = 0; c < 2 * LANES; c += 4) {
      const float *row = b + (column + c) * stride;
      long k = 0;
      // Nothing but padding.
      for (; column + c >= columns && k < depth; k++)
        *(loose_quad *)(panels + k * 2 * LANES + c) = 0;
      if (column + c + 4 <= columns) {
        for (; k + 4 <= depth; k += 4) {
          const quad r0 = *(const loose_quad *)(row + k);
          const quad r1 = *(const loose_quad *)(row + stride + k);
          const quad r2 = *(const loose_quad *)(row + 2 * stride + k);
          const quad r3 = *(const loose_quad *)(row + 3 * stride + k);
          const quad a = __builtin_shufflevector(r0, r1, 0, 4, 1, 5);
          const quad b2 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
          const quad d = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
          const quad e = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
          float *place = panels + k * 2 * LANES + c;
          *(loose_quad *)place = __builtin_shufflevector(a, b2, 0, 1, 4, 5);
          *(loose_quad *)(place + 2 * LANES) = __builtin_shufflevector(a, b2, 2, 3, 6, 7);
          *(loose_quad *)(place + 4 * LANES) = __builtin_shufflevector(d, e, 0, 1, 4, 5);
          *(loose_quad *)(place + 6 * LANES) = __builtin_shufflevector(d, e, 2, 3, 6, 7);
        }
      }
      for (; k < depth; k++) {
        for (long i = 0; i < 4; i++) {
          panels[k * 2 * LANES + c + i] = column + c + i < columns ? row[i * stride + k] : 0;
        }
      }
    }
  }
}
