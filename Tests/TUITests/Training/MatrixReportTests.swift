import Core
import Testing

@testable import TUI

/// What a table of trainings prints, as a pure value.
@Suite("Report of a table")
struct MatrixReportTests {
  /// A row whose runs of the seeds 0, 1, … ended at `scores`; `nil` for one that has not.
  private func row(
    _ name: String, _ scores: [Double?], paper: Double? = nil, against: [String] = []
  ) -> MatrixReport.Row {
    row(name, outcomes: scores.map { $0.map { MatrixOutcome(last: $0, best: $0) } }, paper, against)
  }

  private func row(
    _ name: String, outcomes: [MatrixOutcome?], _ paper: Double? = nil, _ against: [String] = []
  ) -> MatrixReport.Row {
    MatrixReport.Row(
      name: name, paper: paper, against: against,
      runs: outcomes.enumerated().map {
        MatrixReport.Run(seed: $0, folder: "runs/\(name)-\($0)", outcome: $1)
      })
  }

  private func report(_ rows: [MatrixReport.Row]) -> MatrixReport {
    MatrixReport(seeds: rows[0].runs.map(\.seed), rows: rows)
  }

  private func lines(_ rows: [MatrixReport.Row]) -> [String] {
    report(rows).markdown.split(separator: "\n").map(String.init)
  }

  private let diverged = MatrixOutcome(isDiverged: true)

  /// A gain that is likely and one that may be 0.
  ///
  /// SFPN: mean 169.12 / 3, s² = 5.437 / 2, error √(s² / 3) = 0.952. Gains of the second row: 3, 3.5 and 4, mean 3.5, error
  /// 0.5 / √3 = 0.289, so the interval is 4.303 · 0.289 = 1.242 to each side; of the third: 3, −6 and 3, mean 0.
  @Test func threeSeedsByHand() throws {
    let rows = [
      row("SFPN", [58.18, 55.99, 54.95], paper: 47.14),
      row("SFPN AA", [61.18, 59.49, 58.95], paper: 47.88, against: ["SFPN"]),
      row("CAE", [61.18, 49.99, 57.95], paper: 47, against: ["SFPN"]),
    ]
    #expect(
      report(rows).markdown == """
        | run | mIoU of seeds 0, 1, 2 | mean | against | gain | paper |
        |---|---|---|---|---|---|
        | SFPN | 58.18, 55.99, 54.95 | 56.37 ± 0.95 | – | – | 47.14 |
        | SFPN AA | 61.18, 59.49, 58.95 | 59.87 ± 0.67 | SFPN | +3.50 ± 0.29* | 47.88 (+0.74) |
        | CAE | 61.18, 49.99, 57.95 | 56.37 ± 3.33 | SFPN | 0.00 ± 3.00 | 47.00 (−0.14) |

        mIoU in percent at the last validation; mean ± standard error (n − 1) over the seeds. \
        Gains are means of the differences at equal seeds. \
        The 95 % interval is t standard errors wide on each side, \
        Student's t of n − 1 degrees of freedom, 4.30 for 3 seeds; \
        * marks gains whose interval excludes 0. \
        Where the 3 rows that have all seeds vary alike, by s = 3.01 beside row and seed with 4 degrees \
        of freedom, each gain between them is known to ± 2.46 (its standard error), \
        and the interval excludes 0 from 6.83 on.
        """)

    let residual = report(rows).json["residual"]
    #expect(residual?["rows"]?.int == 3 && residual?["degrees"]?.int == 4)
    #expect(residual?["deviation"]?.double == 3.0139)
    #expect(residual?["gain_error"]?.double == 2.4608)
    #expect(residual?["gain_interval"]?.double == 6.8312)
    let json = report(rows).json["rows"]?.array
    #expect(json?.first?["gains"]?.array == [])
    #expect(json?.first?["best_standard_error"]?.double == 0.9519)
    let gain = try #require(json?[1]["gains"]?.array?.first)
    #expect(gain["against"]?.string == "SFPN" && gain["seeds"]?.int == 3)
    #expect(gain["gain"]?.double == 3.5 && gain["standard_error"]?.double == 0.2887)
    #expect(gain["interval"]?.double == 1.2422 && gain["paper_gain"]?.double == 0.74)
    #expect(json?[1]["against"] == nil && json?[1]["gain"] == nil)
  }

  /// One value has no standard error, and so no interval; what is not there has no column.
  @Test func oneSeed() throws {
    let rows = [row("a", [50]), row("b", [51.5], against: ["a"])]
    #expect(
      report(rows).markdown == """
        | run | mIoU of seed 0 | mean | against | gain |
        |---|---|---|---|---|
        | a | 50.00 | 50.00 | – | – |
        | b | 51.50 | 51.50 | a | +1.50 |

        mIoU in percent at the last validation; one seed has no standard error. \
        Gains are means of the differences at equal seeds.
        """)
    let gain = try #require(report(rows).json["rows"]?.array?[1]["gains"]?.array?.first)
    #expect(gain["gain"]?.double == 1.5)
    #expect(gain["standard_error"] == .null && gain["interval"] == .null)
  }

  /// A mean over what did not diverge would flatter the row, and so would a gain of it or over it.
  @Test func oneOfSeveralDiverged() {
    let wild = [MatrixOutcome(last: 52, best: 52), diverged, MatrixOutcome(last: 53.5, best: 53.5)]
    let ahead = lines([row("a", [50, 51, 52]), row("b", outcomes: wild, nil, ["a"])])
    #expect(
      ahead[3]
        == "| b | 52.00, diverged, 53.50 | – (1 of 3 diverged) | a | – |")
    // The same where the other row is what diverged.
    let behind = lines([row("a", outcomes: wild), row("b", [53, 54, 55.5], against: ["a"])])
    #expect(
      behind[3] == "| b | 53.00, 54.00, 55.50 | 54.17 ± 0.73 | a | – |")

    let lost = lines([
      row("a", outcomes: [diverged, diverged, diverged]), row("b", [53, 54, 55], against: ["a"]),
    ])
    #expect(lost[2] == "| a | diverged, diverged, diverged | – (3 of 3 diverged) | – | – |")
    #expect(lost[3] == "| b | 53.00, 54.00, 55.00 | 54.00 ± 0.58 | a | – |")
    let json = report([row("a", outcomes: wild)]).json["rows"]?.array?.first
    #expect(json?["mIoU"] == .null && json?["standard_error"] == .null)
    #expect(json?["runs"]?.array?.compactMap { $0["diverged"]?.bool } == [false, true, false])
  }

  /// A mean of what is there says of how much.
  @Test func partOfATable() {
    let made = lines([
      row("a", [50, nil, 52]), row("b", [nil, 51, 55], against: ["a"]), row("c", [nil, nil, nil]),
    ])
    #expect(made[2] == "| a | 50.00, –, 52.00 | 51.00 ± 1.00 (2 of 3 seeds) | – | – |")
    #expect(made[3] == "| b | –, 51.00, 55.00 | 53.00 ± 2.00 (2 of 3 seeds) | a | +3.00 (1 seed) |")
    #expect(made[4] == "| c | –, –, – | – | – | – |")
  }

  /// Cells of several rows that one is compared with have a line for each.
  @Test func severalAgainst() throws {
    let rows = [
      row("a", [50, 52], paper: 47), row("b", [51, 55]),
      row("c", [52, 54.5], paper: 48.5, against: ["b", "a"]),
    ]
    #expect(
      lines(rows)[4]
        == "| c | 52.00, 54.50 | 53.25 ± 1.25 | b<br>a | +0.25 ± 0.75<br>+2.25 ± 0.25 | 48.50 (–)<br>(+1.50) |"
    )
    let gains = try #require(report(rows).json["rows"]?.array?[2]["gains"]?.array)
    #expect(gains.compactMap { $0["against"]?.string } == ["b", "a"])
    #expect(gains.compactMap { $0["gain"]?.double } == [0.25, 2.25])
    #expect(gains.map { $0["paper_gain"] } == [.null, .number("1.5")])
    // 12.706 standard errors with two seeds.
    #expect(gains.compactMap { $0["interval"]?.double } == [9.5295, 3.1765])
  }

  @Test func bestHasAColumnWhereItDiffers() {
    let better = MatrixOutcome(last: 50, best: 51)
    let rows = [
      row("a", outcomes: [better, MatrixOutcome(last: 52, best: 52)]), row("b", [50, nil]),
    ]
    let text = lines(rows)
    #expect(text[0] == "| run | mIoU of seeds 0, 1 | mean | best |")
    #expect(text[2] == "| a | 50.00, 52.00 | 51.00 ± 1.00 | 51.50 ± 0.50 |")
    #expect(text[3] == "| b | 50.00, – | 50.00 (1 of 2 seeds) | 50.00 |")
    #expect(
      text[4].hasPrefix("mIoU in percent at the last validation; best: at the best one; mean"))
  }

  /// Names stay in their cells.
  @Test func namesAreEscaped() {
    let name = #"a|b\c\|d"#
    let text = lines([row(name, [50]), row("e\u{1B}[1m", [50], against: [name])])
    #expect(text[2].hasPrefix(#"| a\|b\\c\\\|d | 50.00 | "#))
    #expect(text[3] == #"| e?[1m | 50.00 | 50.00 | a\|b\\c\\\|d | 0.00 |"#)
  }

  /// What is rounded to zero has no sign, whichever side it comes from.
  @Test func zeroHasNoSign() {
    for change in [-0.004, 0, 0.004] {
      let text = lines([
        row("a", [50], paper: 47), row("b", [50 + change], paper: 47 + change, against: ["a"]),
      ])
      #expect(text[3].hasSuffix("| a | 0.00 | 47.00 (0.00) |"), "\(text[3])")
    }
  }
}
