// Bilinear samples of an image at places that the network itself chooses, zeros lying around the image.

#include <math.h>

// σ(z) = 1 / (1 + exp(−z)), by the exponential of −|z|, which never overflows.
INLINE void logistic(vector *z) {
  const vector x = *z;
  vector e = x < 0 ? x : -x;
  exponential(&e);
  *z = (x < 0 ? e : (vector)1) / (1 + e);
  *z = x == x ? *z : x;
}

static void locate_samples(const struct hfgd_deformation *d, const float *offsets, long count,
                           long row, long column, struct hfgd_sampled *places) {
  for (long first = 0; first < count; first += LANES) {
    const long some = count - first < LANES ? count - first : LANES;
    float shares[LANES] = {0};
    for (long p = 0; p < some; p++) shares[p] = offsets[(first + p) * d->stride + d->logit];
    vector share = LOAD(shares);
    logistic(&share);
    STORE(shares, share);
    for (long p = 0; p < some; p++, places++) {
      const float *offset = offsets + (first + p) * d->stride + d->offset;
      const long i = row, j = column + first + p;
      const float y = (float)i + offset[0], x = (float)j + offset[1];
      places->share = shares[p];
      UNROLL for (int k = 0; k < 4; k++) places->corners[k] = -1;
      if (!(y >= -1 && x >= -1 && y <= (float)d->height && x <= (float)d->width)) {
        // Far outside, where all is 0; but a place that is no number makes none.
        places->down = y == y ? 0 : y;
        places->across = x == x ? 0 : x;
        continue;
      }
      // Shares are taken of the offsets alone, which loses no digits.
      const float above = floorf(offset[0]), before = floorf(offset[1]);
      places->down = offset[0] - above;
      places->across = offset[1] - before;
      const long top = i + (long)above, left = j + (long)before;
      for (int k = 0; k < 4; k++) {
        const long r = top + k / 2, q = left + k % 2;
        if (r >= 0 && r < d->height && q >= 0 && q < d->width) places->corners[k] = r * d->width + q;
      }
    }
  }
}

// What lies at a corner outside the image.
static const float outside[HFGD_DEPTH];

INLINE void corner_shares(const struct hfgd_sampled *place, float shares[4]) {
  const float down = place->down, across = place->across;
  shares[0] = (1 - down) * (1 - across) * place->share;
  shares[1] = (1 - down) * across * place->share;
  shares[2] = down * (1 - across) * place->share;
  shares[3] = down * across * place->share;
}

static void sample(const float *image, long stride, const struct hfgd_sampled *places, long count,
                   long channels, float *rows) {
  for (long p = 0; p < count; p++, rows += HFGD_ROW) {
    const float *at[4];
    float shares[4];
    corner_shares(places + p, shares);
    UNROLL for (int k = 0; k < 4; k++) {
      const long corner = places[p].corners[k];
      at[k] = corner < 0 ? outside : image + corner * stride;
    }
    for (long c = 0; c < channels; c += LANES) {
      const long left = channels - c;
      vector sum = 0, value;
      UNROLL for (int k = 0; k < 4; k++) {
        load_lanes(at[k] + c, left, &value);
        sum += value * shares[k];
      }
      store_lanes(rows + c, left, &sum);
    }
  }
}

static void sample_gradient(const float *image, long stride, const struct hfgd_sampled *places,
                            long count, long channels, const float *gradients, float *dx,
                            long dx_stride, float *products) {
  for (long p = 0; p < count; p++, gradients += HFGD_ROW, products += 4) {
    float shares[4];
    corner_shares(places + p, shares);
    for (int k = 0; k < 4; k++) {
      const long corner = places[p].corners[k];
      products[k] = 0;
      if (corner < 0) continue;
      const float *at = image + corner * stride;
      float *target = dx + corner * dx_stride;
      vector product = 0;
      for (long c = 0; c < channels; c += LANES) {
        const long left = channels - c;
        vector gradient, value;
        load_lanes(gradients + c, left, &gradient);
        load_lanes(at + c, left, &value);
        product += gradient * value;
        load_lanes(target + c, left, &value);
        value += gradient * shares[k];
        store_lanes(target + c, left, &value);
      }
      products[k] = lanes_sum(&product);
    }
  }
}
