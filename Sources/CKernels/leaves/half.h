// bfloat16: the upper half of a float. Products take pairs of values along the depth, each pair in a float's place, and
// add them up in float.

typedef unsigned int lanes_bits __attribute__((ext_vector_type(LANES)));
typedef unsigned short half_vector __attribute__((ext_vector_type(LANES), aligned(2)));

// Rounded to the nearest, to the even of two; NaN stays NaN.
INLINE void to_half(const vector *x, half_vector *y) {
  const lanes_bits bits = (lanes_bits)*x;
  const lanes_bits rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  const lanes_bits quiet = (bits >> 16) | 0x40;
  *y = __builtin_convertvector((*x == *x) ? rounded : quiet, half_vector);
}

static void gather_half(const float *const *source, long count, long depth, unsigned short *a) {
  for (long r = 0; r < count; r++, a += 2 * HFGD_ROW) {
    const float *row = source[r];
    for (long k = 0; k < depth; k += LANES) {
      const long left = depth - k;
      vector x = 0;
      half_vector y;
      if (row && left >= LANES) x = LOAD(row + k);
      else if (row) load_some(row + k, left, &x);
      to_half(&x, &y);
      if (left >= LANES) *(half_vector *)(a + k) = y;
      else for (long i = 0; i < left; i++) a[k + i] = y[i];
    }
  }
}

// sums ← sums + left·right for both values of each pair.
INLINE void add_half_products(vector *sums, const vector *left, const vector *right) {
#ifdef HALF_PRODUCTS
  HALF_PRODUCTS(sums, left, right);
#else
  const lanes_bits l = (lanes_bits)*left, r = (lanes_bits)*right;
  *sums += (vector)(l & 0xffff0000) * (vector)(r & 0xffff0000);
  *sums += (vector)(l << 16) * (vector)(r << 16);
#endif
}
