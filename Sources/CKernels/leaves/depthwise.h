// One row of a convolution that filters each channel by itself: vectors of channels, one after the other.

static void depthwise_row(const float *image, const struct hfgd_depthwise *g, long row,
                          const float *weights, const struct hfgd_epilogue *e, long width,
                          float *y) {
  const long channels = g->channels, line = g->width * channels, tap = g->dilation * channels;
  const long top = row * g->stride - g->padding_height;
  // The taps of a column, or of a row, that fall inside the image.
  long first = 0, end = g->kernel_height;
  while (first < end && top + first * g->dilation < 0) first++;
  while (end > first && top + (end - 1) * g->dilation >= g->height) end--;
  const int is_common = g->kernel_height == 3 && g->kernel_width == 3 && first == 0 && end == 3;
  for (long c = 0; c < channels; c += LANES) {
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

// The gradient of the weights from one output row: x·dy under each tap, added to `sums`.
static void depthwise_weights_row(const float *image, const struct hfgd_depthwise *g, long row,
                                  const float *dy, long width, float *sums) {
  const long channels = g->channels;
  for (long c = 0; c < channels; c += LANES) {
    const long count = channels - c;
    for (long u = 0; u < g->kernel_height; u++) {
      const long i = row * g->stride + u * g->dilation - g->padding_height;
      if (i < 0 || i >= g->height) continue;
      const float *line = image + i * g->width * channels + c;
      // The taps of one kernel row go along together: the gradient is read once for them.
      for (long v = 0; v < g->kernel_width; v += 3) {
        const long taps = g->kernel_width - v < 3 ? g->kernel_width - v : 3;
        vector sum[3] = {0, 0, 0};
        for (long j = 0; j < width; j++) {
          vector gradient;
          load_lanes(dy + j * channels + c, count, &gradient);
          const long left = j * g->stride + v * g->dilation - g->padding_width;
          for (long t = 0; t < taps; t++) {
            const long x = left + t * g->dilation;
            if (x < 0 || x >= g->width) continue;
            vector value;
            load_lanes(line + x * channels, count, &value);
            sum[t] += value * gradient;
          }
        }
        for (long t = 0; t < taps; t++) {
          float *place = sums + (u * g->kernel_width + v + t) * channels + c;
          vector before;
          load_lanes(place, count, &before);
          before += sum[t];
          store_lanes(place, count, &before);
        }
      }
    }
  }
}

// The gradient of row `row` of the input: each pixel gathers from the outputs whose windows hold it.
static void depthwise_input_row(const float *dy, const struct hfgd_depthwise *g, long row,
                                long height, long width, const float *weights, float *dx) {
  const long channels = g->channels;
  for (long x = 0; x < g->width; x++, dx += channels) {
    for (long c = 0; c < channels; c += LANES) {
      const long count = channels - c;
      vector sum = 0;
      for (long u = 0; u < g->kernel_height; u++) {
        const long top = row + g->padding_height - u * g->dilation;
        if (top < 0 || top % g->stride != 0 || top / g->stride >= height) continue;
        for (long v = 0; v < g->kernel_width; v++) {
          const long left = x + g->padding_width - v * g->dilation;
          if (left < 0 || left % g->stride != 0 || left / g->stride >= width) continue;
          vector gradient, weight;
          load_lanes(dy + (top / g->stride * width + left / g->stride) * channels + c, count,
                     &gradient);
          load_lanes(weights + (u * g->kernel_width + v) * channels + c, count, &weight);
          sum += gradient * weight;
        }
      }
      store_lanes(dx + c, count, &sum);
    }
  }
}
