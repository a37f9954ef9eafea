// Sixteen lanes. Fourteen rows of two vectors leave four of 32 registers for the right side and the broadcast left one.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#define LANES 16
#define TILE_ROWS 14
#define TABLE hfgd_avx512
#include "leaves/table.h"
#pragma clang attribute pop
#endif
