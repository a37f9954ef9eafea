// Exponentials of a row, and multiples of rows.

// eˣ within 2 units in the last place for x in [−87, 88]; below about 10⁻³⁸, above about 10³⁸.
//
// x = n·ln 2 + r with integer n and |r| ≤ ln 2 / 2; eʳ by its Taylor polynomial of degree 7 (remainder below 6·10⁻⁹
// relative), 2ⁿ by writing the exponent bits. ln 2 is subtracted in two parts (Cody and Waite) so that r is exact.
INLINE void exponential(vector *x) {
  clamp(x, -87, 88);
  const float magic = 12582912; // 1.5·2²³ leaves the nearest integer in the low bits
  const vector shifted = *x * 1.44269504f + magic;
  const vector n = shifted - magic;
  const vector r = (*x - n * 0.693359375f) - n * -2.1219444e-4f;
  vector p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1;
  p = p * r + 1;
  const lanes_mask bits = ((lanes_mask)shifted + 127) << 23;
  *x = p * (vector)bits;
}

INLINE float lanes_sum(const vector *x) {
  float lanes[LANES], sum = 0;
  STORE(lanes, *x);
  for (int i = 0; i < LANES; i++) sum += lanes[i];
  return sum;
}

static float exponentials(float *row, long count, float scale) {
  vector largest = -__builtin_inff();
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    const vector x = LOAD(row + i);
    largest = x > largest ? x : largest;
  }
  float peak = __builtin_reduce_max(largest);
  for (; i < count; i++) peak = row[i] > peak ? row[i] : peak;

  // The difference before the factor: the largest is exactly 0 then, however large it was.
  vector sums = 0;
  for (i = 0; i + LANES <= count; i += LANES) {
    vector x = (LOAD(row + i) - peak) * scale;
    exponential(&x);
    STORE(row + i, x);
    sums += x;
  }
  float sum = lanes_sum(&sums);
  if (i < count) {
    // The tail goes through the same polynomial, so that a value never depends on where in the row it stands.
    vector x;
    load_some(row + i, count - i, &x);
    x = (x - peak) * scale;
    exponential(&x);
    store_some(row + i, count - i, &x);
    for (; i < count; i++) sum += row[i];
  }
  return sum;
}

static void scale(const float *x, long count, float factor, float *y) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) STORE(y + i, LOAD(x + i) * factor);
  for (; i < count; i++) y[i] = x[i] * factor;
}

static void add_scaled(const float *x, long count, float factor, float *y) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) STORE(y + i, LOAD(y + i) + LOAD(x + i) * factor);
  for (; i < count; i++) y[i] += x[i] * factor;
}
