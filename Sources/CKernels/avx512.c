// Sixteen lanes. Fourteen rows of two vectors leave four of 32 registers for the right side and the broadcast left one.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#define LANES 16
#define TILE_ROWS 14
#define TABLE hfgd_avx512
#define PRODUCT_CASES                                                                            \
  PRODUCT_CASE(1) PRODUCT_CASE(2) PRODUCT_CASE(3) PRODUCT_CASE(4) PRODUCT_CASE(5)                \
  PRODUCT_CASE(6) PRODUCT_CASE(7) PRODUCT_CASE(8) PRODUCT_CASE(9) PRODUCT_CASE(10)               \
  PRODUCT_CASE(11) PRODUCT_CASE(12) PRODUCT_CASE(13) PRODUCT_CASE(14)
#include "leaves/table.h"
#pragma clang attribute pop
#endif
