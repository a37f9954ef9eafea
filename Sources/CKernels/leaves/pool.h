// The largest value or the mean under a window, vectors of channels; what lies outside the image does not count.

// A NaN is larger than everything, and so never lost.
INLINE void take_larger(vector *largest, const vector *value) {
  *largest = ((*value > *largest) | (*value != *value)) ? *value : *largest;
}

static void pool_row(const float *image, const struct hfgd_pooling *p, long row, long width,
                     float *y) {
  const long top = row * p->stride - p->padding;
  const long i0 = top < 0 ? 0 : top;
  const long i1 = top + p->kernel < p->height ? top + p->kernel : p->height;
  for (long x = 0; x < width; x++, y += p->channels) {
    const long left = x * p->stride - p->padding;
    const long j0 = left < 0 ? 0 : left;
    const long j1 = left + p->kernel < p->width ? left + p->kernel : p->width;
    const float share = 1.0f / (float)((i1 - i0) * (j1 - j0));
    for (long c = 0; c < p->channels; c += LANES) {
      const long left_over = p->channels - c, count = left_over < LANES ? left_over : LANES;
      if (!p->is_mean && count == LANES && i1 - i0 == 3 && j1 - j0 == 3) {
        const float *corner = image + (i0 * p->width + j0) * p->channels + c;
        vector largest = LOAD(corner);
        UNROLL for (int i = 0; i < 3; i++) {
          UNROLL for (int j = 0; j < 3; j++) {
            const vector value = LOAD(corner + (i * p->width + j) * p->channels);
            take_larger(&largest, &value);
          }
        }
        STORE(y + c, largest);
        continue;
      }
      vector pooled = p->is_mean ? (vector)0 : (vector)-__builtin_inff();
      for (long i = i0; i < i1; i++) {
        for (long j = j0; j < j1; j++) {
          const float *pixel = image + (i * p->width + j) * p->channels + c;
          vector value;
          load_lanes(pixel, count, &value);
          if (p->is_mean) pooled += value;
          else take_larger(&pooled, &value);
        }
      }
      if (p->is_mean) pooled *= share;
      store_lanes(y + c, count, &pooled);
    }
  }
}
