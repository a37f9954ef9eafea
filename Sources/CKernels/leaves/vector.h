// The vector that a set computes in: LANES floats, defined by the including file, and loads and stores of a part of it.

typedef float vector __attribute__((ext_vector_type(LANES)));
typedef float loose_vector __attribute__((ext_vector_type(LANES), aligned(4)));
typedef int lanes_mask __attribute__((ext_vector_type(LANES)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

#define LOAD(p) (*(const loose_vector *)(p))
#define STORE(p, value) (*(loose_vector *)(p) = (value))

// The first `count` lanes; the others are 0 and their memory is not touched.
#if LANES == 16
#include <immintrin.h>
INLINE void load_some(const float *p, long count, vector *value) {
  *value = (vector)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
}
INLINE void store_some(float *p, long count, const vector *value) {
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)*value);
}
#elif LANES == 8
#include <immintrin.h>
static const int first_lanes[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
#define FIRST_LANES(count) _mm256_loadu_si256((const __m256i *)(first_lanes + 8 - (count)))
INLINE void load_some(const float *p, long count, vector *value) {
  *value = (vector)_mm256_maskload_ps(p, FIRST_LANES(count));
}
INLINE void store_some(float *p, long count, const vector *value) {
  _mm256_maskstore_ps(p, FIRST_LANES(count), (__m256)*value);
}
#else
INLINE void load_some(const float *p, long count, vector *value) {
  float lanes[LANES] = {0};
  for (long i = 0; i < count; i++) lanes[i] = p[i];
  *value = LOAD(lanes);
}
INLINE void store_some(float *p, long count, const vector *value) {
  float lanes[LANES];
  STORE(lanes, *value);
  for (long i = 0; i < count; i++) p[i] = lanes[i];
}
#endif

// The same of all lanes, or of as many as there are.
INLINE void load_lanes(const float *p, long count, vector *value) {
  if (count >= LANES) *value = LOAD(p);
  else load_some(p, count, value);
}
INLINE void store_lanes(float *p, long count, const vector *value) {
  if (count >= LANES) STORE(p, *value);
  else store_some(p, count, value);
}

// A bound never hides a NaN.
INLINE void clamp(vector *x, float low, float high) {
  const vector l = low, h = high;
  *x = *x < l ? l : *x;
  *x = *x > h ? h : *x;
}
