// Winograd's minimal filtering F(m×m, 3×3): y = Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A, (m + 2)² products for m² outputs
// (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308, §4.1–4.3).
//
// The points are 0, ±1, ±2 and, for m = 6, ±½ too, and ∞. The gradient of g turns the same arrows round:
// Gᵀ·[(A·z·Aᵀ) ⊙ (Bᵀ·d·B)]·G, summed over the tiles, where z is the gradient of y.

// What two points of opposite sign take: their even and odd parts, added and subtracted.
INLINE void opposite(const vector even, const vector odd, vector *t) {
  t[0] = even + odd;
  t[1] = even - odd;
}

// One line of each transform, from s to t.

INLINE void input_line4(const vector *s, vector *t) {
  const vector d0 = s[0], d1 = s[1], d2 = s[2], d3 = s[3], d4 = s[4], d5 = s[5];
  const vector even = d4 - 4 * d2, odd = d3 - 4 * d1;
  const vector inner = d4 - d2, outer = 2 * (d3 - d1);
  t[0] = 4 * d0 - 5 * d2 + d4;
  opposite(even, odd, t + 1);
  opposite(inner, outer, t + 3);
  t[5] = 4 * d1 - 5 * d3 + d5;
}

INLINE void output_line4(const vector *s, vector *t) {
  const vector a = s[1] + s[2], b = s[1] - s[2];
  const vector c = s[3] + s[4], d = s[3] - s[4];
  t[0] = s[0] + a + c;
  t[1] = b + 2 * d;
  t[2] = a + 4 * c;
  t[3] = b + 8 * d + s[5];
}

INLINE void weights_line4(const vector *s, vector *t) {
  const vector g0 = s[0], g1 = s[1], g2 = s[2];
  t[0] = 0.25f * g0;
  t[1] = (g0 + g1 + g2) * (-1.0f / 6);
  t[2] = (g0 - g1 + g2) * (-1.0f / 6);
  t[3] = (g0 + 2 * g1 + 4 * g2) * (1.0f / 24);
  t[4] = (g0 - 2 * g1 + 4 * g2) * (1.0f / 24);
  t[5] = g2;
}

INLINE void spread_line4(const vector *s, vector *t) {
  const vector even1 = s[0] + s[2], odd1 = s[1] + s[3];
  const vector even2 = s[0] + 4 * s[2], odd2 = 2 * s[1] + 8 * s[3];
  t[0] = s[0];
  opposite(even1, odd1, t + 1);
  opposite(even2, odd2, t + 3);
  t[5] = s[3];
}

INLINE void taps_line4(const vector *s, vector *t) {
  const vector a = s[1] + s[2], b = s[2] - s[1];
  const vector c = s[3] + s[4], d = s[3] - s[4];
  t[0] = 0.25f * s[0] - a * (1.0f / 6) + c * (1.0f / 24);
  t[1] = b * (1.0f / 6) + d * (1.0f / 12);
  t[2] = (c - a) * (1.0f / 6) + s[5];
}

INLINE void input_line6(const vector *s, vector *t) {
  const vector d0 = s[0], d1 = s[1], d2 = s[2], d3 = s[3];
  const vector d4 = s[4], d5 = s[5], d6 = s[6], d7 = s[7];
  const vector even1 = d2 + d6 - 4.25f * d4, odd1 = d1 + d5 - 4.25f * d3;
  const vector even2 = d6 + 0.25f * d2 - 1.25f * d4, odd2 = 0.5f * d1 - 2.5f * d3 + 2 * d5;
  const vector even3 = d6 + 4 * d2 - 5 * d4, odd3 = 2 * d1 - 2.5f * d3 + 0.5f * d5;
  t[0] = d0 - d6 + 5.25f * (d4 - d2);
  opposite(even1, odd1, t + 1);
  opposite(even2, odd2, t + 3);
  opposite(even3, odd3, t + 5);
  t[7] = d7 - d1 + 5.25f * (d3 - d5);
}

INLINE void output_line6(const vector *s, vector *t) {
  const vector a = s[1] + s[2], b = s[1] - s[2];
  const vector c = s[3] + s[4], d = s[3] - s[4];
  const vector e = s[5] + s[6], f = s[5] - s[6];
  t[0] = s[0] + a + c + e;
  t[1] = b + 2 * d + 0.5f * f;
  t[2] = a + 4 * c + 0.25f * e;
  t[3] = b + 8 * d + 0.125f * f;
  t[4] = a + 16 * c + 0.0625f * e;
  t[5] = b + 32 * d + 0.03125f * f + s[7];
}

INLINE void weights_line6(const vector *s, vector *t) {
  const vector g0 = s[0], g1 = s[1], g2 = s[2];
  t[0] = g0;
  t[1] = (g0 + g1 + g2) * (-2.0f / 9);
  t[2] = (g0 - g1 + g2) * (-2.0f / 9);
  t[3] = (g0 + 2 * g1 + 4 * g2) * (1.0f / 90);
  t[4] = (g0 - 2 * g1 + 4 * g2) * (1.0f / 90);
  t[5] = (4 * g0 + 2 * g1 + g2) * (8.0f / 45);
  t[6] = (4 * g0 - 2 * g1 + g2) * (8.0f / 45);
  t[7] = g2;
}

INLINE void spread_line6(const vector *s, vector *t) {
  const vector even1 = s[0] + s[2] + s[4], odd1 = s[1] + s[3] + s[5];
  const vector even2 = s[0] + 4 * s[2] + 16 * s[4], odd2 = 2 * s[1] + 8 * s[3] + 32 * s[5];
  const vector even3 = s[0] + 0.25f * s[2] + 0.0625f * s[4];
  const vector odd3 = 0.5f * s[1] + 0.125f * s[3] + 0.03125f * s[5];
  t[0] = s[0];
  opposite(even1, odd1, t + 1);
  opposite(even2, odd2, t + 3);
  opposite(even3, odd3, t + 5);
  t[7] = s[5];
}

INLINE void taps_line6(const vector *s, vector *t) {
  const vector a = s[1] + s[2], b = s[1] - s[2];
  const vector c = s[3] + s[4], d = s[3] - s[4];
  const vector e = s[5] + s[6], f = s[5] - s[6];
  t[0] = s[0] - a * (2.0f / 9) + c * (1.0f / 90) + e * (32.0f / 45);
  t[1] = d * (1.0f / 45) + f * (16.0f / 45) - b * (2.0f / 9);
  t[2] = c * (2.0f / 45) + e * (8.0f / 45) - a * (2.0f / 9) + s[7];
}

// All directions for a tile of SIDE outputs.
#define WINOGRAD(SIDE)                                                                           \
  static void winograd_input##SIDE(const float *image, const struct hfgd_tile *tile,             \
                                   long channel, long channels, float *v, long stride) {         \
    enum { N = SIDE + 2 };                                                                       \
    /* The tile to the right comes next: its pixels are fetched meanwhile. */                    \
    const long next = SIDE * tile->step * tile->channels;                                        \
    const float *pixels[N][N];                                                                   \
    for (int i = 0; i < N; i++) {                                                                \
      const long y = tile->top + i * tile->step;                                                 \
      for (int j = 0; j < N; j++) {                                                              \
        const long x = tile->left + j * tile->step;                                              \
        const int inside = y >= 0 && y < tile->height && x >= 0 && x < tile->width;              \
        pixels[i][j] = inside ? image + (y * tile->width + x) * tile->channels + channel : 0;    \
      }                                                                                          \
    }                                                                                            \
    for (long c = 0; c < channels; c += LANES) {                                                 \
      vector half[N][N];                                                                         \
      const long count = channels - c < LANES ? channels - c : LANES;                            \
      for (int j = 0; j < N; j++) {                                                              \
        vector d[N], t[N];                                                                       \
        UNROLL for (int i = 0; i < N; i++) {                                                     \
          const float *pixel = pixels[i][j];                                                     \
          if (!pixel) d[i] = 0;                                                                  \
          else load_lanes(pixel + c, count, &d[i]);                                              \
          __builtin_prefetch(pixel + c + next);                                                  \
        }                                                                                        \
        input_line##SIDE(d, t);                                                                  \
        UNROLL for (int i = 0; i < N; i++) half[i][j] = t[i];                                    \
      }                                                                                          \
      float *place = v + c;                                                                      \
      for (int i = 0; i < N; i++) {                                                              \
        vector t[N];                                                                             \
        input_line##SIDE(half[i], t);                                                            \
        UNROLL for (int j = 0; j < N; j++) {                                                     \
          STORE(place, t[j]);                                                                    \
          place += stride;                                                                       \
        }                                                                                        \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
                                                                                                 \
  static void winograd_output##SIDE(const float *m, long stride, const struct hfgd_tile *tile,   \
                                    long column, long columns, float *y,                         \
                                    const struct hfgd_epilogue *e) {                             \
    enum { N = SIDE + 2 };                                                                       \
    for (long c = 0; c < columns; c += LANES) {                                                  \
      vector half[SIDE][N];                                                                      \
      const long count = columns - c < LANES ? columns - c : LANES;                              \
      for (int j = 0; j < N; j++) {                                                              \
        vector s[N], t[SIDE];                                                                    \
        UNROLL for (int i = 0; i < N; i++) s[i] = LOAD(m + (i * N + j) * stride + c);            \
        output_line##SIDE(s, t);                                                                 \
        UNROLL for (int i = 0; i < SIDE; i++) half[i][j] = t[i];                                 \
      }                                                                                          \
      for (int i = 0; i < SIDE; i++) {                                                           \
        const long row = tile->top + i * tile->step;                                             \
        if (row >= tile->height) break;                                                          \
        vector t[SIDE];                                                                          \
        output_line##SIDE(half[i], t);                                                           \
        for (int j = 0; j < SIDE; j++) {                                                         \
          const long x = tile->left + j * tile->step;                                            \
          if (x >= tile->width) break;                                                           \
          const long offset = (row * tile->width + x) * tile->channels + column + c;             \
          __builtin_prefetch(y + offset + SIDE * tile->step * tile->channels, 1);                \
          epilogue_row(&t[j], count, column + c, e->residual ? e->residual + offset : 0, e,      \
                       y + offset);                                                              \
        }                                                                                        \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
                                                                                                 \
  static void winograd_weights##SIDE(const float *g, long tap, long columns, float *u,           \
                                     long stride) {                                              \
    enum { N = SIDE + 2 };                                                                       \
    for (long c = 0; c < 2 * LANES; c += LANES) {                                                \
      vector half[N][3];                                                                         \
      const long left = columns - c, count = left < 0 ? 0 : left < LANES ? left : LANES;         \
      for (int j = 0; j < 3; j++) {                                                              \
        vector s[3], t[N];                                                                       \
        UNROLL for (int i = 0; i < 3; i++) load_some(g + (3 * i + j) * tap + c, count, &s[i]);   \
        weights_line##SIDE(s, t);                                                                \
        UNROLL for (int i = 0; i < N; i++) half[i][j] = t[i];                                    \
      }                                                                                          \
      for (int i = 0; i < N; i++) {                                                              \
        vector t[N];                                                                             \
        weights_line##SIDE(half[i], t);                                                          \
        UNROLL for (int j = 0; j < N; j++) STORE(u + (i * N + j) * stride + c, t[j]);            \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
                                                                                                 \
  static void winograd_spread##SIDE(const float *image, const struct hfgd_tile *tile,            \
                                    long channel, long channels, float *v, long stride,          \
                                    long depth) {                                                \
    enum { N = SIDE + 2 };                                                                       \
    const float *pixels[SIDE][SIDE];                                                             \
    for (int i = 0; i < SIDE; i++) {                                                             \
      const long y = tile->top + i * tile->step;                                                 \
      for (int j = 0; j < SIDE; j++) {                                                           \
        const long x = tile->left + j * tile->step;                                              \
        const int inside = y < tile->height && x < tile->width;                                  \
        pixels[i][j] = inside ? image + (y * tile->width + x) * tile->channels + channel : 0;    \
      }                                                                                          \
    }                                                                                            \
    for (long c = 0; c < channels; c += LANES) {                                                 \
      vector half[N][SIDE];                                                                      \
      const long count = channels - c < LANES ? channels - c : LANES;                            \
      for (int j = 0; j < SIDE; j++) {                                                           \
        vector z[SIDE], t[N];                                                                    \
        UNROLL for (int i = 0; i < SIDE; i++) {                                                  \
          if (!pixels[i][j]) z[i] = 0;                                                           \
          else load_lanes(pixels[i][j] + c, count, &z[i]);                                       \
        }                                                                                        \
        spread_line##SIDE(z, t);                                                                 \
        UNROLL for (int i = 0; i < N; i++) half[i][j] = t[i];                                    \
      }                                                                                          \
      float *place = v + c / (2 * LANES) * (2 * LANES) * depth + c % (2 * LANES);                \
      for (int i = 0; i < N; i++) {                                                              \
        vector t[N];                                                                             \
        spread_line##SIDE(half[i], t);                                                           \
        UNROLL for (int j = 0; j < N; j++) {                                                     \
          STORE(place, t[j]);                                                                    \
          place += stride;                                                                       \
        }                                                                                        \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
                                                                                                 \
  static void winograd_taps##SIDE(const float *u, long stride, long columns, float *g,           \
                                  long tap) {                                                    \
    enum { N = SIDE + 2 };                                                                       \
    for (long c = 0; c < columns; c += LANES) {                                                  \
      vector half[3][N];                                                                         \
      const long count = columns - c < LANES ? columns - c : LANES;                              \
      for (int j = 0; j < N; j++) {                                                              \
        vector s[N], t[3];                                                                       \
        UNROLL for (int i = 0; i < N; i++)                                                       \
          load_lanes(u + (i * N + j) * stride + c, count, &s[i]);                                \
        taps_line##SIDE(s, t);                                                                   \
        UNROLL for (int i = 0; i < 3; i++) half[i][j] = t[i];                                    \
      }                                                                                          \
      for (int i = 0; i < 3; i++) {                                                              \
        vector t[3];                                                                             \
        taps_line##SIDE(half[i], t);                                                             \
        UNROLL for (int j = 0; j < 3; j++)                                                       \
          store_lanes(g + (3 * i + j) * tap + c, count, &t[j]);                                  \
      }                                                                                          \
    }                                                                                            \
  }

WINOGRAD(4)
WINOGRAD(6)
