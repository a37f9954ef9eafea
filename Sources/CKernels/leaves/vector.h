// The vector that a set computes in: LANES floats, defined by the including file, and loads and stores of a part of it.

typedef float vector __attribute__((ext_vector_type(LANES)));
typedef float loose_vector __attribute__((ext_vector_type(LANES), aligned(4)));
typedef int lanes_mask __attribute__((ext_vector_type(LANES)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

#define LOAD(p) (*(const loose_vector *)(p))
#define STORE(p, value) (*(loose_vector *)(p) = (value))

// The first `count` lanes; the others are 0.
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

// A bound never hides a NaN.
INLINE void clamp(vector *x, float low, float high) {
  const vector l = low, h = high;
  *x = *x < l ? l : *x;
  *x = *x > h ? h : *x;
}
