#include "include/ckernels.h"

extern const struct hfgd_kernels hfgd_baseline;
#if defined(__x86_64__)
extern const struct hfgd_kernels hfgd_avx2, hfgd_avx512, hfgd_avx512_bf16;

static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

static int has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
         && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

static int has_avx512_bf16(void) { return has_avx512() && __builtin_cpu_supports("avx512bf16"); }
#endif

const struct hfgd_kernels *hfgd_kernels_for(enum hfgd_set set) {
  switch (set) {
  case HFGD_BASELINE: return &hfgd_baseline;
#if defined(__x86_64__)
  case HFGD_AVX2: return has_avx2() ? &hfgd_avx2 : 0;
  case HFGD_AVX512: return has_avx512() ? &hfgd_avx512 : 0;
  case HFGD_AVX512_BF16: return has_avx512_bf16() ? &hfgd_avx512_bf16 : 0;
#endif
  default: return 0;
  }
}
