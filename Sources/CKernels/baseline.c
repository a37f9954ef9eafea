// Four lanes: SSE2 on x86-64, NEON on arm64. Six rows of two vectors leave room in 16 registers.
#define LANES 4
#define TILE_ROWS 6
#define TABLE hfgd_baseline
#define PRODUCT_CASES                                                                            \
  PRODUCT_CASE(1) PRODUCT_CASE(2) PRODUCT_CASE(3) PRODUCT_CASE(4) PRODUCT_CASE(5) PRODUCT_CASE(6)
#include "leaves/table.h"
