// As avx512.c, with the processor's own products of bfloat16.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma"))), apply_to = function)
#define LANES 16
#define TILE_ROWS 14
#define TABLE hfgd_avx512_bf16
#define HALF_PRODUCTS(sums, left, right)                                                         \
  *(sums) = (vector)_mm512_dpbf16_ps((__m512)*(sums), (__m512bh)*(left), (__m512bh)*(right))
#include "leaves/table.h"
#pragma clang attribute pop
#endif
