// Four lanes: SSE2 on x86-64, NEON on arm64. Six rows of two vectors leave room in 16 registers.
#define LANES 4
#define TILE_ROWS 6
#define TABLE hfgd_baseline
#include "leaves/table.h"
