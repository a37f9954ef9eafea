/// Student's t, the distribution of a mean of few values by its standard error.
enum StudentsT {
  /// How many standard errors the 95 % interval of a mean is wide on each side: the quantile 0.975.
  ///
  /// - Parameter degrees: of freedom, of a mean the number of values less one; more than 30 count as 30, which is up to 4 % too wide.
  static func quantile(degrees: Int) -> Double {
    precondition(degrees > 0, "a single value has no interval")
    return quantiles[min(degrees, quantiles.count) - 1]
  }

  /// For 1…30 degrees of freedom.
  ///
  /// NIST/SEMATECH e-Handbook of Statistical Methods, §1.3.6.7.2, "Critical Values of the Student's t Distribution",
  /// https://www.itl.nist.gov/div898/handbook/eda/section3/eda3672.htm
  private static let quantiles = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
  ]
}
