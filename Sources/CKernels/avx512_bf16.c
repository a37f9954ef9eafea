// As avx512.c, with the processor's own products of bfloat16.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma"))), apply_to = function)
#define LANES 16
#define TILE_ROWS 14
#define TABLE hfgd_avx512_bf16
#define HALF_PRODUCTS(sums, left, right)                                                         \
  *(sums) = (vector)_mm512_dpbf16_ps((__m512)*(sums), (__m512bh)*(left), (__m512bh)*(right))
#define PRODUCT_CASES                                                                            \
  PRODUCT_CASE(1) PRODUCT_CASE(2) PRODUCT_CASE(3) PRODUCT_CASE(4) PRODUCT_CASE(5)                \
  PRODUCT_CASE(6) PRODUCT_CASE(7) PRODUCT_CASE(8) PRODUCT_CASE(9) PRODUCT_CASE(10)               \
  PRODUCT_CASE(11) PRODUCT_CASE(12) PRODUCT_CASE(13) PRODUCT_CASE(14)
#include "leaves/table.h"
#pragma clang attribute pop
#endif
