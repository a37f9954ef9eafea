// Eight lanes and fused multiply-add. Six rows of two vectors leave room in 16 registers.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define TILE_ROWS 6
#define TABLE hfgd_avx2
#include "leaves/table.h"
#pragma clang attribute pop
#endif
