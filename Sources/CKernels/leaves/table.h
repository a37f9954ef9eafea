// The leaves of the including file's set, as a table named TABLE.
#include "../include/ckernels.h"
#include "vector.h"
#include "half.h"
#include "product.h"
#include "outer.h"
#include "winograd.h"
#include "pack.h"
#include "softmax.h"
#include "cross_entropy.h"
#include "norm.h"
#include "gelu.h"
#include "layer_norm.h"
#include "depthwise7.h"
#include "depthwise.h"
#include "pool.h"
#include "resize.h"
#include "deformation.h"

const struct hfgd_kernels TABLE = {
    .panel = 2 * LANES,
    .rows = TILE_ROWS,
    .gather = gather,
    .product = product,
    .outer = outer,
    .gather_half = gather_half,
    .product_half = product_half,
    .winograd4 = {winograd_input4, winograd_output4, winograd_weights4, winograd_spread4, winograd_taps4},
    .winograd6 = {winograd_input6, winograd_output6, winograd_weights6, winograd_spread6, winograd_taps6},
    .pack = pack,
    .pack_transposed = pack_transposed,
    .exponentials = exponentials,
    .softmax_gradient = softmax_gradient,
    .log_shares = log_shares,
    .cross_entropy_gradient = cross_entropy_gradient,
    .scale = scale,
    .add_scaled = add_scaled,
    .moments = moments,
    .normalise = normalise,
    .gradient_sums = gradient_sums,
    .normalise_gradient = normalise_gradient,
    .pass_between = pass_between,
    .gelu = gelu,
    .gelu_gradient = gelu_gradient,
    .layer_norm = layer_norm,
    .layer_norm_gradient = layer_norm_gradient,
    .layer_norm_sums = layer_norm_sums,
    .depthwise_rows = depthwise_rows,
    .depthwise_weights_row = depthwise_weights_row,
    .depthwise_input_row = depthwise_input_row,
    .pool_row = pool_row,
    .mix = mix,
    .resize_row = resize_row,
    .resize_row_gradient = resize_row_gradient,
    .locate_samples = locate_samples,
    .sample = sample,
    .sample_gradient = sample_gradient,
    .largest_row = largest_row,
};
