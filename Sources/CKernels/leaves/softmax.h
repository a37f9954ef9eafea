// Exponentials of a row, and multiples of rows.

// eˣ within 2 units in the last place for x in [−87, 88]; below about 10⁻³⁸.
//
// x = n·ln 2 + r with integer n and |r| ≤ ln 2 / 2; eʳ by its Taylor polynomial of degree 7 (remainder below 6·10⁻⁹
// relative), 2ⁿ by writing the exponent bits. ln 2 is subtracted in two parts (Cody and Waite) so that r is exact.
INLINE void exponential(vector *x) {
  const vector least = -87;
  *x = *x < least ? least : *x;
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

// Halves of a vector, down to one lane.
typedef float lanes_of_8 __attribute__((ext_vector_type(8)));
typedef float lanes_of_4 __attribute__((ext_vector_type(4)));
typedef float lanes_of_2 __attribute__((ext_vector_type(2)));

INLINE float lanes_sum(const vector *x) {
#if LANES == 16
  const lanes_of_8 eight = x->lo + x->hi;
  const lanes_of_4 four = eight.lo + eight.hi;
#elif LANES == 8
  const lanes_of_4 four = x->lo + x->hi;
#else
  const lanes_of_4 four = *x;
#endif
  const lanes_of_2 two = four.lo + four.hi;
  return two.x + two.y;
}

// The largest lane.
INLINE float lanes_peak(const vector *x) {
#if LANES == 16
  const lanes_of_8 a = x->lo, b = x->hi, eight = a > b ? a : b;
  const lanes_of_4 c = eight.lo, d = eight.hi, four = c > d ? c : d;
#elif LANES == 8
  const lanes_of_4 c = x->lo, d = x->hi, four = c > d ? c : d;
#else
  const lanes_of_4 four = *x;
#endif
  const lanes_of_2 e = four.lo, f = four.hi, two = e > f ? e : f;
  return two.x > two.y ? two.x : two.y;
}

// The vector of a row that begins at `p`, −∞ in the lanes from `left` on.
INLINE void load_scores(const float *p, long left, vector *x) {
  if (left >= LANES) {
    *x = LOAD(p);
    return;
  }
  lanes_mask lane;
  for (int i = 0; i < LANES; i++) lane[i] = i;
  load_some(p, left, x);
  *x = lane < (int)left ? *x : -__builtin_inff();
}

static float exponentials(float *row, long count, float scale) {
  vector largest = -__builtin_inff();
  for (long i = 0; i < count; i += LANES) {
    vector x;
    load_scores(row + i, count - i, &x);
    largest = x > largest ? x : largest;
  }
  const float peak = lanes_peak(&largest);

  // The difference before the factor: the largest is exactly 0 then, however large it was. The lanes past the end add
  // about 10⁻³⁸ each to a sum that is at least 1.
  vector sums = 0;
  for (long i = 0; i < count; i += LANES) {
    const long left = count - i;
    vector x;
    load_scores(row + i, left, &x);
    x = (x - peak) * scale;
    exponential(&x);
    store_lanes(row + i, left, &x);
    sums += x;
  }
  return lanes_sum(&sums);
}

// Σ a·da is what all scores of the row have in common.
static void softmax_gradient(const float *a, long count, float scale, float *da) {
  vector sums = 0;
  for (long i = 0; i < count; i += LANES) {
    vector share, gradient;
    load_lanes(a + i, count - i, &share);
    load_lanes(da + i, count - i, &gradient);
    sums += share * gradient;
  }
  const vector common = lanes_sum(&sums);
  for (long i = 0; i < count; i += LANES) {
    vector share, gradient;
    load_lanes(a + i, count - i, &share);
    load_lanes(da + i, count - i, &gradient);
    gradient = share * (gradient - common) * scale;
    store_lanes(da + i, count - i, &gradient);
  }
}

static void scale(const float *x, long count, float factor, float *y) {
  for (long i = 0; i < count; i += LANES) {
    const long left = count - i;
    vector value;
    load_lanes(x + i, left, &value);
    value *= factor;
    store_lanes(y + i, left, &value);
  }
}

static void add_scaled(const float *x, long count, float factor, float *y) {
  for (long i = 0; i < count; i += LANES) {
    const long left = count - i;
    vector value, sum;
    load_lanes(x + i, left, &value);
    load_lanes(y + i, left, &sum);
    sum += value * factor;
    store_lanes(y + i, left, &sum);
  }
}
