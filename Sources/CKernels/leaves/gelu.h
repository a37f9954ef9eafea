// GELU, x·Φ(x) with Φ the normal distribution's cumulative function (Hendrycks and Gimpel, arXiv:1606.08415).

// What Φ and its density φ are for a vector of x, within 10⁻⁷.
//
// Φ(−|x|) = ½·erfc(|x| / √2) by formula 7.1.26 of Abramowitz and Stegun, "Handbook of Mathematical Functions":
// erfc(z) = t·(a₁ + t·(a₂ + …))·e^(−z²), t = 1 / (1 + p·z), within 1.5·10⁻⁷. The half on the left is computed and the
// other follows by symmetry, so that nothing cancels where x is far below 0.
INLINE void normal_distribution(const vector *x, vector *cumulative, vector *density) {
  const vector zero = 0;
  const vector size = *x < zero ? -*x : *x;
  const vector t = 1 / (1 + 0.2316418882f * size); // p / √2
  vector power = -0.5f * (*x * *x);
  exponential(&power);
  vector sum = 1.061405429f;
  sum = sum * t - 1.453152027f;
  sum = sum * t + 1.421413741f;
  sum = sum * t - 0.284496736f;
  sum = sum * t + 0.254829592f;
  const vector left = 0.5f * t * sum * power;
  *cumulative = *x < zero ? left : 1 - left;
  *density = 0.398942280f * power; // 1 / √(2π)
}

static void gelu(const float *x, long count, float *y) {
  for (long i = 0; i < count; i += LANES) {
    vector value, cumulative, density;
    load_lanes(x + i, count - i, &value);
    normal_distribution(&value, &cumulative, &density);
    value *= cumulative;
    store_lanes(y + i, count - i, &value);
  }
}

// d(x·Φ)/dx = Φ + x·φ.
static void gelu_gradient(const float *x, const float *dy, long count, float *dx) {
  for (long i = 0; i < count; i += LANES) {
    vector value, gradient, cumulative, density;
    load_lanes(x + i, count - i, &value);
    load_lanes(dy + i, count - i, &gradient);
    normal_distribution(&value, &cumulative, &density);
    gradient *= cumulative + value * density;
    store_lanes(dx + i, count - i, &gradient);
  }
}
