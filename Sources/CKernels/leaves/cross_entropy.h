// Cross entropy of pixels with few classes: LANES pixels side by side, one vector for each class of all of them.

// log x within 2 units in the last place for normal x > 0; NaN stays NaN.
//
// x = 2ᵉ·m with m in [√½, √2), log m by Cephes' polynomial in m − 1; ln 2 in two parts, as in `exponential`.
INLINE void logarithm(vector *x) {
  const lanes_mask bits = (lanes_mask)*x - 0x3f3504f3;
  const vector e = __builtin_convertvector(bits >> 23, vector);
  const vector m = (vector)((bits & 0x007fffff) + 0x3f3504f3) - 1, square = m * m;
  vector p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  const vector low = p * m * square - 2.12194440e-4f * e - 0.5f * square;
  *x = m + low + 0.693359375f * e + (*x - *x);
}

// The logits of `count` ≤ LANES pixels, turned; lanes without a pixel repeat the first.
INLINE void turn_logits(const float *z, long count, long classes, float *turned) {
  for (long i = 0; i < LANES; i++) {
    const float *row = z + (i < count ? i : 0) * classes;
    for (long k = 0; k < classes; k++) turned[k * LANES + i] = row[k];
  }
}

// The largest logit of each lane; a NaN need not be it.
INLINE vector peaks_of(const float *turned, long classes) {
  vector peak = LOAD(turned);
  for (long k = 1; k < classes; k++) {
    const vector value = LOAD(turned + k * LANES);
    peak = value > peak ? value : peak;
  }
  return peak;
}

static void log_shares(const float *z, const float *labels, long pixels, long classes,
                       float *turned, float *y) {
  for (long p = 0; p < pixels; p += LANES) {
    const long count = pixels - p < LANES ? pixels - p : LANES;
    turn_logits(z + p * classes, count, classes, turned);
    const vector peak = peaks_of(turned, classes);
    vector total = 0;
    for (long k = 0; k < classes; k++) {
      vector value = LOAD(turned + k * LANES) - peak;
      exponential(&value);
      total += value;
    }
    logarithm(&total);
    const vector offset = peak + total;
    for (long i = 0; i < count; i++) {
      const float label = labels[p + i];
      y[p + i] = label < 0 ? 0 : turned[(long)label * LANES + i] - offset[i];
    }
  }
}

static void cross_entropy_gradient(const float *z, const float *labels, const float *weights,
                                   long pixels, long classes, float *turned, float *dz) {
  for (long p = 0; p < pixels; p += LANES) {
    const long count = pixels - p < LANES ? pixels - p : LANES;
    turn_logits(z + p * classes, count, classes, turned);
    const vector peak = peaks_of(turned, classes);
    vector total = 0, weight;
    load_lanes(weights + p, count, &weight);
    for (long k = 0; k < classes; k++) {
      vector value = LOAD(turned + k * LANES) - peak;
      exponential(&value);
      total += value;
      STORE(turned + k * LANES, value);
    }
    const vector factor = weight / total;
    for (long k = 0; k < classes; k++) {
      const vector value = LOAD(turned + k * LANES) * factor;
      // Ignored pixels are 0 whatever their logits are.
      STORE(turned + k * LANES, weight == 0 ? 0 : value);
    }
    for (long i = 0; i < count; i++) {
      const float label = labels[p + i];
      if (label >= 0) turned[(long)label * LANES + i] -= weight[i];
      float *row = dz + (p + i) * classes;
      for (long k = 0; k < classes; k++) row[k] = turned[k * LANES + i];
    }
  }
}
