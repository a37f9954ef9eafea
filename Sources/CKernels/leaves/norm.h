// Batch normalisation in training: sums over pixels for each channel, and what is made of them pixel by pixel.

// Vectors of channels whose sums stay in registers while the pixels pass by.
enum { NORM_VECTORS = 4 };

// What a channel's value x becomes before its activation, x·scale + shift, decides whether the gradient passes.
INLINE void pass_gradient(const struct hfgd_norm *n, long c, long count, const vector *x,
                          vector *gradient) {
  vector scale, shift;
  load_lanes(n->scale + c, count, &scale);
  load_lanes(n->shift + c, count, &shift);
  const vector y = *x * scale + shift, low = n->low, high = n->high;
  *gradient = ((y > low) & (y < high)) ? *gradient : 0;
}

INLINE void moments_of(const int vectors, const float *x, long pixels, long channels, long c,
                       const float *centre, float *sum, float *squares) {
  vector s[NORM_VECTORS], q[NORM_VECTORS], m[NORM_VECTORS];
  const long left = channels - c;
  UNROLL for (int v = 0; v < vectors; v++) {
    s[v] = q[v] = 0;
    load_lanes(centre + c + v * LANES, left - v * LANES, &m[v]);
  }
  for (long p = 0; p < pixels; p++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      vector value;
      load_lanes(x + p * channels + c + v * LANES, left - v * LANES, &value);
      value -= m[v];
      s[v] += value;
      q[v] += value * value;
    }
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    store_lanes(sum + c + v * LANES, left - v * LANES, &s[v]);
    store_lanes(squares + c + v * LANES, left - v * LANES, &q[v]);
  }
}

static void moments(const float *x, long pixels, long channels, const float *centre, float *sum,
                    float *squares) {
  long c = 0;
  for (; c + NORM_VECTORS * LANES <= channels; c += NORM_VECTORS * LANES)
    moments_of(NORM_VECTORS, x, pixels, channels, c, centre, sum, squares);
  for (; c < channels; c += LANES) moments_of(1, x, pixels, channels, c, centre, sum, squares);
}

INLINE void gradient_sums_of(const int vectors, const struct hfgd_norm *n, const float *x,
                             const float *dy, long pixels, long channels, long c, float *sum,
                             float *products) {
  vector s[NORM_VECTORS], q[NORM_VECTORS], m[NORM_VECTORS];
  const long left = channels - c;
  UNROLL for (int v = 0; v < vectors; v++) {
    s[v] = q[v] = 0;
    load_lanes(n->mean + c + v * LANES, left - v * LANES, &m[v]);
  }
  for (long p = 0; p < pixels; p++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      const long at = c + v * LANES, count = left - v * LANES;
      vector value, gradient;
      load_lanes(x + p * channels + at, count, &value);
      load_lanes(dy + p * channels + at, count, &gradient);
      pass_gradient(n, at, count, &value, &gradient);
      s[v] += gradient;
      q[v] += gradient * (value - m[v]);
    }
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    store_lanes(sum + c + v * LANES, left - v * LANES, &s[v]);
    store_lanes(products + c + v * LANES, left - v * LANES, &q[v]);
  }
}

static void gradient_sums(const struct hfgd_norm *n, const float *x, const float *dy, long pixels,
                          long channels, float *sum, float *products) {
  long c = 0;
  for (; c + NORM_VECTORS * LANES <= channels; c += NORM_VECTORS * LANES)
    gradient_sums_of(NORM_VECTORS, n, x, dy, pixels, channels, c, sum, products);
  for (; c < channels; c += LANES)
    gradient_sums_of(1, n, x, dy, pixels, channels, c, sum, products);
}

static void normalise(const struct hfgd_norm *n, const float *x, const float *residual, long pixels,
                      long channels, float *y) {
  for (long p = 0; p < pixels; p++, x += channels, y += channels) {
    for (long c = 0; c < channels; c += LANES) {
      const long count = channels - c;
      vector value, scale, shift;
      load_lanes(x + c, count, &value);
      load_lanes(n->scale + c, count, &scale);
      load_lanes(n->shift + c, count, &shift);
      value = value * scale + shift;
      if (residual) {
        vector other;
        load_lanes(residual + p * channels + c, count, &other);
        value += other;
      }
      clamp(&value, n->low, n->high);
      store_lanes(y + c, count, &value);
    }
  }
}

static void normalise_gradient(const struct hfgd_norm *n, const float *x, const float *dy,
                               const float *factor, const float *offset, const float *slope,
                               long pixels, long channels, float *dx) {
  for (long p = 0; p < pixels; p++, x += channels, dy += channels, dx += channels) {
    for (long c = 0; c < channels; c += LANES) {
      const long count = channels - c;
      vector value, gradient, mean, a, b, d;
      load_lanes(x + c, count, &value);
      load_lanes(dy + c, count, &gradient);
      load_lanes(n->mean + c, count, &mean);
      load_lanes(factor + c, count, &a);
      load_lanes(offset + c, count, &b);
      load_lanes(slope + c, count, &d);
      pass_gradient(n, c, count, &value, &gradient);
      gradient = a * gradient - b - d * (value - mean);
      store_lanes(dx + c, count, &gradient);
    }
  }
}

static void pass_between(const float *y, const float *dy, long count, float low, float high,
                         float *dx) {
  const vector least = low, most = high;
  for (long i = 0; i < count; i += LANES) {
    vector value, gradient;
    load_lanes(y + i, count - i, &value);
    load_lanes(dy + i, count - i, &gradient);
    gradient = ((value > least) & (value < most)) ? gradient : 0;
    store_lanes(dx + i, count - i, &gradient);
  }
}
