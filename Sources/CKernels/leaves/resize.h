// Bilinear mixing, written so that equal neighbours stay what they are: a + (b − a)·share.

static void mix(const float *a, const float *b, float share, long count, float *y) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    const vector first = LOAD(a + i);
    STORE(y + i, first + (LOAD(b + i) - first) * share);
  }
  for (; i < count; i++) y[i] = a[i] + (b[i] - a[i]) * share;
}

static void resize_row(const float *row, const struct hfgd_sample *samples, long width,
                       long channels, const float *addend, float low, float high, float *y) {
  for (long j = 0; j < width; j++, y += channels) {
    const float *a = row + samples[j].first * channels, *b = row + samples[j].second * channels;
    const float share = samples[j].share;
    for (long c = 0; c < channels; c += LANES) {
      const long count = channels - c < LANES ? channels - c : LANES;
      vector first, second, sum;
      load_lanes(a + c, count, &first);
      load_lanes(b + c, count, &second);
      vector mixed = first + (second - first) * share;
      if (addend) {
        load_lanes(addend + c, count, &sum);
        mixed += sum;
      }
      clamp(&mixed, low, high);
      store_lanes(y + c, count, &mixed);
    }
    if (addend) addend += channels;
  }
}

static void resize_row_gradient(const float *dy, const struct hfgd_sample *samples, long width,
                                long channels, float *dx) {
  for (long j = 0; j < width; j++, dy += channels) {
    float *a = dx + samples[j].first * channels, *b = dx + samples[j].second * channels;
    const float share = samples[j].share;
    for (long c = 0; c < channels; c += LANES) {
      const long count = channels - c;
      vector gradient, sum;
      load_lanes(dy + c, count, &gradient);
      load_lanes(a + c, count, &sum);
      sum += gradient * (1 - share);
      store_lanes(a + c, count, &sum);
      load_lanes(b + c, count, &sum);
      sum += gradient * share;
      store_lanes(b + c, count, &sum);
    }
  }
}

static void largest_row(const float *row, const struct hfgd_sample *samples, long width,
                        long classes, unsigned short *labels) {
  lanes_mask lane;
  for (int i = 0; i < LANES; i++) lane[i] = i;
  for (long j = 0; j < width; j++) {
    const float *a = row + samples[j].first * classes, *b = row + samples[j].second * classes;
    const float share = samples[j].share;
    vector best = -__builtin_inff();
    lanes_mask place = 0;
    for (long c = 0; c < classes; c += LANES) {
      const vector first = LOAD(a + c);
      vector value = first + (LOAD(b + c) - first) * share;
      if (classes - c < LANES) value = lane < (int)(classes - c) ? value : -__builtin_inff();
      const lanes_mask larger = value > best;
      best = larger ? value : best;
      place = larger ? (lanes_mask)(int)c : place;
    }
    // Among the lanes that hold the maximum, the smallest class.
    const float peak = __builtin_reduce_max(best);
    const lanes_mask wins = best == peak;
    labels[j] = (unsigned short)__builtin_reduce_min(wins ? place + lane : (lanes_mask)0x7fffffff);
  }
}
