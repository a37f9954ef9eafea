/// The hot leaves of Core's operations: one function per instruction set, the same source for all.
///
/// Every leaf works on plain float arrays on the calling thread, allocates nothing and keeps nothing. What they compute
/// is specified by the naive twins in Core (`…Reference`), with which the tests compare every set.
#ifndef CKERNELS_H
#define CKERNELS_H

/// Depth of one block of a matrix product: a panel of this many rows stays in the first-level cache.
enum { HFGD_DEPTH = 256 };

/// Distance between the rows of a product's left side, in floats: a depth and a cache line, so that rows whose length is
/// a power of two do not fall on each other in the cache, and a vector may be written past the end.
enum { HFGD_ROW = HFGD_DEPTH + 16 };

/// The instruction sets that a leaf is compiled for, each a superset of the one before.
enum hfgd_set {
  HFGD_BASELINE = 0, ///< what every x86-64 or other processor has
  HFGD_AVX2 = 1,     ///< AVX2 and FMA
  HFGD_AVX512 = 2,   ///< AVX-512 F, BW, DQ and VL
  HFGD_AVX512_BF16 = 3, ///< the same and BF16
};

/// What becomes of a sum of products: min(max(sum + bias + residual, low), high).
struct hfgd_epilogue {
  const float *bias;     ///< one value per column, or NULL
  const float *residual; ///< laid out as the result, or NULL
  float low, high;       ///< the activation: −∞ or 0, and +∞ or 6
};

/// What will be read after a product.
struct hfgd_next {
  const float *panel;       ///< the first panel of the next call, or NULL
  const float *const *rows; ///< rows of `depth` floats that make its left side, some perhaps NULL; or NULL
  long count, depth;
};

/// Where a tile of a Winograd convolution lies in one image.
struct hfgd_tile {
  long top, left;     ///< the tile's first pixel, perhaps outside the image
  long step;          ///< distance between the tile's pixels: the dilation
  long height, width; ///< the image's size
  long channels;      ///< floats per pixel
};

/// A convolution that filters each channel by itself: the input's size in pixels and the kernel.
struct hfgd_depthwise {
  long height, width, channels;
  long kernel_height, kernel_width, stride, dilation, padding_height, padding_width;
};

/// Batch normalisation of each channel: y = min(max(x·scale + shift, low), high).
struct hfgd_norm {
  const float *scale, *shift; ///< γ / √(σ² + ε), and β − μ times that
  const float *mean;          ///< μ
  float low, high;            ///< the activation
};

/// The largest value or the mean under a square window that is clipped to the image.
struct hfgd_pooling {
  long height, width, channels;
  long kernel, stride, padding;
  int is_mean;
};

/// Where a sample of a resized line lies: between two neighbours, `share` of the second.
struct hfgd_sample {
  long first, second;
  float share;
};

/// What one tap of a deformable convolution reads of its map of offsets, and where it lands.
struct hfgd_deformation {
  long height, width; ///< of the image, in pixels
  long stride;        ///< floats between the offsets of neighbouring pixels
  long offset, logit; ///< where among a pixel's the tap's offset (y, x) stands, and its factor's logit
};

/// A bilinear sample between four pixels: top left, top right, bottom left, bottom right.
struct hfgd_sampled {
  long corners[4];    ///< the pixels' numbers in the image, below 0 where they lie outside
  float down, across; ///< the shares of the lower ones and of the right ones
  float share;        ///< the factor on the sample
};

/// Winograd's transforms for F(m×m, 3×3), see winograd.h; ξ counts the (m + 2)² positions of a transformed tile.
struct hfgd_winograd {
  /// Bᵀ·d·B of one tile: `channels` from `channel` on, to v[ξ·stride + channel].
  void (*input)(const float *image, const struct hfgd_tile *tile, long channel, long channels,
                float *v, long stride);
  /// Aᵀ·m·A of one tile: `columns` channels of m[ξ·stride], through the epilogue, to the tile's pixels of `y`, of
  /// which the first column is `column` (of the bias, too); pixels outside the image are left out.
  void (*output)(const float *m, long stride, const struct hfgd_tile *tile, long column,
                 long columns, float *y, const struct hfgd_epilogue *epilogue);
  /// G·g·Gᵀ of the kernels from one input channel to `columns` ≤ panel outputs: tap t of g at g[t·tap], ξ of the result
  /// at u[ξ·stride].
  void (*weights)(const float *g, long tap, long columns, float *u, long stride);
  /// A·z·Aᵀ of the gradient of one tile of outputs, 0 outside the image, as the right side of products over `depth` tiles:
  /// ξ of `channels` from `channel` on at v[ξ·stride], cut into panels of `depth` rows.
  void (*spread)(const float *image, const struct hfgd_tile *tile, long channel, long channels,
                 float *v, long stride, long depth);
  /// Gᵀ·u·G of the sums from one input channel to `columns` outputs, ξ at u[ξ·stride]: tap t goes to g[t·tap].
  void (*taps)(const float *u, long stride, long columns, float *g, long tap);
};

/// One instruction set's leaves.
struct hfgd_kernels {
  /// Columns of a packed panel: two vectors.
  long panel;
  /// Rows that a product makes at once; blocks of a multiple of it are fastest.
  long rows;

  /// Copies `count` rows of `depth` floats to `a`, HFGD_ROW floats apart; a NULL row becomes zeros.
  void (*gather)(const float *const *source, long count, long depth, float *a);

  /// c ← a·b, or c + a·b where `accumulates`, then the epilogue where there is one.
  ///
  /// `a` has `rows` rows of `depth` ≤ HFGD_DEPTH floats, HFGD_ROW apart. `b` is cut into panels of `panel` columns, each
  /// `depth` × `panel` without gaps and aligned to a vector; columns past the last are zero. Of `c`, whose rows lie
  /// `stride` apart, `columns` are written. What `next` names, which may be NULL, is fetched into the cache.
  void (*product)(const float *a, long rows, const float *b, long depth, long columns, float *c,
                  long stride, int accumulates, const struct hfgd_epilogue *epilogue,
                  const struct hfgd_next *next);

  /// c ← aᵀ·b, or c + aᵀ·b where `accumulates`: the gradient of a product's right side.
  ///
  /// `a` names `depth` rows of `rows` floats, a NULL one being zeros; `b` is packed as for `product`, but its depth has no
  /// limit.
  void (*outer)(const float *const *a, long rows, const float *b, long depth, long columns, float *c,
                long stride, int accumulates);

  /// `gather` that rounds to bfloat16; rows are as far apart in memory.
  void (*gather_half)(const float *const *source, long count, long depth, unsigned short *a);
  /// `product` of bfloat16: each float of `a` and `b` is a pair of values along the depth, which counts pairs. Products
  /// are exact, their sums are float.
  void (*product_half)(const float *a, long rows, const float *b, long depth, long columns,
                       float *c, long stride, int accumulates,
                       const struct hfgd_epilogue *epilogue, const struct hfgd_next *next);

  /// The transforms for tiles of 4 × 4 and of 6 × 6 outputs.
  struct hfgd_winograd winograd4, winograd6;

  /// Cuts the matrix `depth` × `columns` at `b`, rows `stride` apart, into the panels of a product.
  void (*pack)(const float *b, long stride, long depth, long columns, float *panels);
  /// The same of a matrix that is stored transposed: `columns` rows of `depth` floats, `stride` apart.
  void (*pack_transposed)(const float *b, long stride, long depth, long columns, float *panels);

  /// Replaces a row by exp(scale·x − max(scale·x)), scale > 0, and returns the sum: softmax before its division.
  float (*exponentials)(float *row, long count, float scale);
  /// Turns the gradient `da` of a row of softmax shares `a` into that of the scores before their factor `scale`.
  void (*softmax_gradient)(const float *a, long count, float scale, float *da);
  /// y ← log(softmax(z)[label]) of each pixel, 0 where its label is below 0; labels are below `classes`. `turned` is room
  /// for 16·classes floats.
  void (*log_shares)(const float *z, const float *labels, long pixels, long classes, float *turned,
                     float *y);
  /// dz ← weight·(softmax(z) − [class is label]) of each pixel, 0 where its weight is; labels and `turned` as above.
  void (*cross_entropy_gradient)(const float *z, const float *labels, const float *weights,
                                 long pixels, long classes, float *turned, float *dz);
  /// y ← factor·x.
  void (*scale)(const float *x, long count, float factor, float *y);
  /// y ← y + factor·x.
  void (*add_scaled)(const float *x, long count, float factor, float *y);

  /// For each channel the sums of x − centre and of its square over `pixels` pixels.
  void (*moments)(const float *x, long pixels, long channels, const float *centre, float *sum,
                  float *squares);
  /// y ← the normalised x, `residual` added before the activation where it is not NULL.
  void (*normalise)(const struct hfgd_norm *norm, const float *x, const float *residual,
                    long pixels, long channels, float *y);
  /// For each channel the sums of g and of g·(x − mean), g being what of dy passes the activation.
  void (*gradient_sums)(const struct hfgd_norm *norm, const float *x, const float *dy, long pixels,
                        long channels, float *sum, float *products);
  /// dx ← factor·g − offset − slope·(x − mean) in each channel.
  void (*normalise_gradient)(const struct hfgd_norm *norm, const float *x, const float *dy,
                             const float *factor, const float *offset, const float *slope,
                             long pixels, long channels, float *dx);
  /// dx ← dy where low < y < high, else 0.
  void (*pass_between)(const float *y, const float *dy, long count, float low, float high,
                       float *dx);

  /// y ← GELU(x) = x·Φ(x); y may be x.
  void (*gelu)(const float *x, long count, float *y);
  /// dx ← dy·(Φ(x) + x·φ(x)); dx may be dy.
  void (*gelu_gradient)(const float *x, const float *dy, long count, float *dx);

  /// y ← weight·(x − mean) / √(variance + epsilon) + bias, mean and variance being those of each pixel's channels.
  void (*layer_norm)(const float *x, long pixels, long channels, float epsilon,
                     const float *weight, const float *bias, float *y);
  /// The gradient of x.
  void (*layer_norm_gradient)(const float *x, const float *dy, long pixels, long channels,
                              float epsilon, const float *weight, float *dx);
  /// Adds to each channel's sums dy, and dy times the normalised x.
  void (*layer_norm_sums)(const float *x, const float *dy, long pixels, long channels,
                          float epsilon, float *sum, float *products);

  /// Output rows `row` ..< `row` + `rows` of a depthwise convolution, of `width` pixels each; the epilogue's residual is
  /// that of the first.
  void (*depthwise_rows)(const float *image, const struct hfgd_depthwise *geometry, long row,
                         long rows, const float *weights, const struct hfgd_epilogue *epilogue,
                         long width, float *y);

  /// Adds to `sums` what output row `row`, whose gradient is `dy`, gives to the gradient of each weight.
  void (*depthwise_weights_row)(const float *image, const struct hfgd_depthwise *geometry, long row,
                                const float *dy, long width, float *sums);
  /// The gradient of input row `row` from that of the whole output, `height` × `width` pixels.
  void (*depthwise_input_row)(const float *dy, const struct hfgd_depthwise *geometry, long row,
                              long height, long width, const float *weights, float *dx);

  /// Output row `row` of a pooling: `width` pixels; a NaN under a window makes NaN.
  void (*pool_row)(const float *image, const struct hfgd_pooling *pooling, long row, long width,
                   float *y);

  /// y ← a + (b − a)·share.
  void (*mix)(const float *a, const float *b, float share, long count, float *y);
  /// A row of pixels resized: y ← min(max(addend + a + (b − a)·share, low), high) for each of `width` samples.
  void (*resize_row)(const float *row, const struct hfgd_sample *samples, long width, long channels,
                     const float *addend, float low, float high, float *y);
  /// Adds to `dx` what the gradients of a resized row give to its pixels.
  void (*resize_row_gradient)(const float *dy, const struct hfgd_sample *samples, long width,
                              long channels, float *dx);
  /// Where a tap's samples lie for `count` neighbouring pixels, the first of which would see (row, column) if nothing
  /// were displaced; its offsets are at `offsets`. Factors are 1 / (1 + exp(−logit)).
  void (*locate_samples)(const struct hfgd_deformation *deformation, const float *offsets,
                         long count, long row, long column, struct hfgd_sampled *places);
  /// Writes `channels` ≤ HFGD_DEPTH channels of each sample, times its factor, to rows HFGD_ROW floats apart; the image's
  /// pixels lie `stride` apart.
  void (*sample)(const float *image, long stride, const struct hfgd_sampled *places, long count,
                 long channels, float *rows);
  /// Adds to `dx`, whose pixels lie `dx_stride` apart, what the gradients of samples, HFGD_ROW apart, give to the image,
  /// and writes the products of each gradient with its four corners.
  void (*sample_gradient)(const float *image, long stride, const struct hfgd_sampled *places,
                          long count, long channels, const float *gradients, float *dx,
                          long dx_stride, float *products);

  /// The class of the largest resized logit of each sample, of equal ones the first, never a NaN; up to 15 floats past
  /// the row are read.
  void (*largest_row)(const float *row, const struct hfgd_sample *samples, long width, long classes,
                      unsigned short *labels);
};

/// Tells the processor that this thread waits for another.
static inline void hfgd_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Starts to read the cache line that holds `p`, which may lie anywhere.
static inline void hfgd_fetch(const float *p) { __builtin_prefetch(p); }

/// The leaves for a set, or NULL where this processor or build lacks it.
const struct hfgd_kernels *hfgd_kernels_for(enum hfgd_set set);

#endif
