// LayerNorm over the channels of each pixel, whose values stay in the first-level cache from the first pass to the last.

// The lanes from `count` on become 0.
INLINE void clear_rest(vector *x, long count) {
  lanes_mask lane;
  for (int i = 0; i < LANES; i++) lane[i] = i;
  *x = lane < (int)count ? *x : 0;
}

// Mean and 1 / √(variance + ε) of a pixel; the variance is of differences to the mean, so that nothing cancels.
INLINE void pixel_moments(const float *x, long channels, float epsilon, float *mean, float *factor) {
  const long whole = channels - channels % (2 * LANES);
  vector a = 0, b = 0, value;
  for (long c = 0; c < whole; c += 2 * LANES) {
    a += LOAD(x + c);
    b += LOAD(x + c + LANES);
  }
  for (long c = whole; c < channels; c += LANES) {
    load_lanes(x + c, channels - c, &value);
    a += value;
  }
  a += b;
  const float centre = lanes_sum(&a) / channels;
  a = 0;
  b = 0;
  for (long c = 0; c < whole; c += 2 * LANES) {
    const vector first = LOAD(x + c) - centre, second = LOAD(x + c + LANES) - centre;
    a += first * first;
    b += second * second;
  }
  for (long c = whole; c < channels; c += LANES) {
    load_lanes(x + c, channels - c, &value);
    value -= centre;
    clear_rest(&value, channels - c);
    a += value * value;
  }
  a += b;
  *mean = centre;
  *factor = 1 / __builtin_sqrtf(lanes_sum(&a) / channels + epsilon);
}

static void layer_norm(const float *x, long pixels, long channels, float epsilon,
                       const float *weight, const float *bias, float *y) {
  for (long p = 0; p < pixels; p++, x += channels, y += channels) {
    float mean, factor;
    pixel_moments(x, channels, epsilon, &mean, &factor);
    for (long c = 0; c < channels; c += LANES) {
      const long count = channels - c;
      vector value, w, b;
      load_lanes(x + c, count, &value);
      load_lanes(weight + c, count, &w);
      load_lanes(bias + c, count, &b);
      value = (value - mean) * factor * w + b;
      store_lanes(y + c, count, &value);
    }
  }
}

// With g = w·dy and x̂ the normalised x: dx = factor·(g − mean(g) − x̂·mean(g·x̂)).
static void layer_norm_gradient(const float *x, const float *dy, long pixels, long channels,
                                float epsilon, const float *weight, float *dx) {
  for (long p = 0; p < pixels; p++, x += channels, dy += channels, dx += channels) {
    float mean, factor;
    pixel_moments(x, channels, epsilon, &mean, &factor);
    vector sum = 0, products = 0, value, g, w;
    for (long c = 0; c < channels; c += LANES) {
      const long count = channels - c;
      load_lanes(x + c, count, &value);
      load_lanes(dy + c, count, &g);
      load_lanes(weight + c, count, &w);
      g *= w;
      sum += g;
      products += g * ((value - mean) * factor);
    }
    const float common = lanes_sum(&sum) / channels, slope = lanes_sum(&products) / channels;
    for (long c = 0; c < channels; c += LANES) {
      const long count = channels - c;
      load_lanes(x + c, count, &value);
      load_lanes(dy + c, count, &g);
      load_lanes(weight + c, count, &w);
      g = factor * (g * w - common - (value - mean) * factor * slope);
      store_lanes(dx + c, count, &g);
    }
  }
}

// Adds dy and dy·x̂ of each pixel to the sums of the channels.
static void layer_norm_sums(const float *x, const float *dy, long pixels, long channels,
                            float epsilon, float *sum, float *products) {
  for (long p = 0; p < pixels; p++, x += channels, dy += channels) {
    float mean, factor;
    pixel_moments(x, channels, epsilon, &mean, &factor);
    for (long c = 0; c < channels; c += LANES) {
      const long count = channels - c;
      vector value, g, s, q;
      load_lanes(x + c, count, &value);
      load_lanes(dy + c, count, &g);
      load_lanes(sum + c, count, &s);
      load_lanes(products + c, count, &q);
      s += g;
      q += g * ((value - mean) * factor);
      store_lanes(sum + c, count, &s);
      store_lanes(products + c, count, &q);
    }
  }
}
