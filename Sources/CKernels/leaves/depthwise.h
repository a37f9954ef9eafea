// Rows of a convolution that filters each channel by itself: vectors of channels, one after the other.

INLINE int is_seven(const struct hfgd_depthwise *g) {
  return g->kernel_height == 7 && g->kernel_width == 7 && g->stride == 1 && g->dilation == 1;
}

// The channels from `from` on of one row.
static void depthwise_row(const float *image, const struct hfgd_depthwise *g, long row, long from,
                          const float *weights, const struct hfgd_epilogue *e, long width,
                          float *y) {
  const long channels = g->channels, line = g->width * channels, tap = g->dilation * channels;
  const long top = row * g->stride - g->padding_height;
  // The taps of a column, or of a row, that fall inside the image.
  long first = 0, end = g->kernel_height;
  while (first < end && top + first * g->dilation < 0) first++;
  while (end > first && top + (end - 1) * g->dilation >= g->height) end--;
  const int is_common = g->kernel_height == 3 && g->kernel_width == 3 && first == 0 && end == 3;
  for (long c = from; c < channels; c += LANES) {
    const long count = channels - c < LANES ? channels - c : LANES;
    vector w[9];
    if (is_common && count == LANES) {
      UNROLL for (int t = 0; t < 9; t++) w[t] = LOAD(weights + t * channels + c);
    }
    for (long j = 0; j < width; j++) {
      const long left = j * g->stride - g->padding_width;
      // An offset, for the window may begin outside the image.
      const long start = (top * g->width + left) * channels + c;
      const int is_inside = left >= 0 && left + (g->kernel_width - 1) * g->dilation < g->width;
      vector sum = 0;
      if (is_common && is_inside && count == LANES) {
        UNROLL for (int u = 0; u < 3; u++) {
          UNROLL for (int v = 0; v < 3; v++) {
            sum += LOAD(image + (start + u * g->dilation * line + v * tap)) * w[3 * u + v];
          }
        }
      } else {
        for (long u = first; u < end; u++) {
          for (long v = 0; v < g->kernel_width; v++) {
            const long x = left + v * g->dilation;
            if (x < 0 || x >= g->width) continue;
            const float *value = image + (start + u * g->dilation * line + v * tap);
            const float *weight = weights + (u * g->kernel_width + v) * channels + c;
            vector some, factor;
            load_lanes(value, count, &some);
            load_lanes(weight, count, &factor);
            sum += some * factor;
          }
        }
      }
      const long offset = j * channels + c;
      epilogue_row(&sum, count, c, e->residual ? e->residual + offset : 0, e, y + offset);
    }
  }
}

static void depthwise_rows(const float *image, const struct hfgd_depthwise *g, long row, long rows,
                           const float *weights, const struct hfgd_epilogue *e, long width,
                           float *y) {
  const long whole = is_seven(g) ? g->channels - g->channels % LANES : 0;
  depthwise7_rows(image, g, row, rows, whole, weights, e, width, y);
  if (whole == g->channels) return;
  struct hfgd_epilogue some = *e;
  for (long r = 0; r < rows; r++) {
    const long offset = r * width * g->channels;
    if (e->residual) some.residual = e->residual + offset;
    depthwise_row(image, g, row + r, whole, weights, &some, width, y + offset);
  }
}

// The gradient of the weights of up to LANES channels from `c` on from outputs `from` ..< `to` of a row, added to `sums`.
static void depthwise_weights_some(const float *image, const struct hfgd_depthwise *g, long row,
                                   const float *dy, long c, long from, long to, float *sums) {
  const long channels = g->channels, count = channels - c;
  if (from >= to) return;
  for (long u = 0; u < g->kernel_height; u++) {
    const long i = row * g->stride + u * g->dilation - g->padding_height;
    if (i < 0 || i >= g->height) continue;
    const float *line = image + i * g->width * channels + c;
    for (long v = 0; v < g->kernel_width; v++) {
      float *place = sums + (u * g->kernel_width + v) * channels + c;
      vector sum;
      load_lanes(place, count, &sum);
      for (long j = from; j < to; j++) {
        const long x = j * g->stride + v * g->dilation - g->padding_width;
        if (x < 0 || x >= g->width) continue;
        vector value, gradient;
        load_lanes(dy + j * channels + c, count, &gradient);
        load_lanes(line + x * channels, count, &value);
        sum += value * gradient;
      }
      store_lanes(place, count, &sum);
    }
  }
}

// The gradient of the weights from one output row: x·dy under each tap, added to `sums`.
static void depthwise_weights_row(const float *image, const struct hfgd_depthwise *g, long row,
                                  const float *dy, long width, float *sums) {
  const long channels = g->channels, line = g->dilation * g->width * channels;
  const long tap = g->dilation * channels, step = g->stride * channels;
  const long top = row * g->stride - g->padding_height;
  const int is_three = g->kernel_height == 3 && g->kernel_width == 3 && top >= 0
                       && top + 2 * g->dilation < g->height;
  // The outputs whose windows lie between the image's sides.
  const long right = g->width - 1 - (g->kernel_width - 1) * g->dilation + g->padding_width;
  long from = (g->padding_width + g->stride - 1) / g->stride;
  long to = right < 0 ? 0 : right / g->stride + 1;
  if (to > width) to = width;
  if (!(is_three || is_seven(g)) || to < from) from = to = 0;
  for (long c = 0; c < channels; c += LANES) {
    if (is_seven(g) && channels - c >= LANES) {
      depthwise7_weights_row(image, g, row, dy, c, from, to, width, sums);
      continue;
    }
    if (channels - c < LANES) from = to = 0;
    if (from < to) {
      // All nine sums stay in registers: each gradient is read once.
      vector sum[9] = {0};
      const float *window = image + (top * g->width + from * g->stride - g->padding_width) * channels + c;
      for (long j = from; j < to; j++, window += step) {
        const vector gradient = LOAD(dy + j * channels + c);
        UNROLL for (int t = 0; t < 9; t++) sum[t] += LOAD(window + t / 3 * line + t % 3 * tap) * gradient;
      }
      for (int t = 0; t < 9; t++) {
        float *place = sums + t * channels + c;
        STORE(place, LOAD(place) + sum[t]);
      }
    }
    depthwise_weights_some(image, g, row, dy, c, 0, from, sums);
    depthwise_weights_some(image, g, row, dy, c, to, width, sums);
  }
}

// The gradient of row `row` of the input: each pixel gathers from the outputs whose windows hold it.
static void depthwise_input_row(const float *dy, const struct hfgd_depthwise *g, long row,
                                long height, long width, const float *weights, float *dx) {
  const long channels = g->channels;
  for (long i = 0; i < g->width * channels; i++) dx[i] = 0;
  for (long u = 0; u < g->kernel_height; u++) {
    const long top = row + g->padding_height - u * g->dilation;
    if (top < 0 || top % g->stride != 0 || top / g->stride >= height) continue;
    const float *line = dy + top / g->stride * width * channels;
    for (long x = 0; x < g->width; x++) {
      for (long v = 0; v < g->kernel_width; v++) {
        const long left = x + g->padding_width - v * g->dilation;
        if (left < 0 || left % g->stride != 0 || left / g->stride >= width) continue;
        const float *gradients = line + left / g->stride * channels;
        const float *factors = weights + (u * g->kernel_width + v) * channels;
        float *target = dx + x * channels;
        for (long c = 0; c < channels; c += LANES) {
          const long count = channels - c;
          vector gradient, weight, sum;
          load_lanes(gradients + c, count, &gradient);
          load_lanes(factors + c, count, &weight);
          load_lanes(target + c, count, &sum);
          sum += gradient * weight;
          store_lanes(target + c, count, &sum);
        }
      }
    }
  }
}
