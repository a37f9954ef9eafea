import ArgumentParser
import Core
import Foundation

extension Shard: ExpressibleByArgument {
  /// "3/8", "auto", or "auto/8".
  ///
  /// `auto` is the task of a Slurm array (`SLURM_ARRAY_TASK_ID`, `_MIN` and `_COUNT`); `auto/N` the index of a Kubernetes
  /// indexed job (`JOB_COMPLETION_INDEX`, from 0) of N completions, or of a Slurm array of N tasks. A Slurm array of fewer
  /// is refused: nothing tells which parts its tasks are.
  public init?(argument: String) {
    self.init(argument, environment: ProcessInfo.processInfo.environment)
  }

  init?(_ argument: String, environment: [String: String]) {
    func number(_ name: String) -> Int? {
      environment[name].flatMap { Int($0) }.flatMap { 0...1_000_000_000 ~= $0 ? $0 : nil }
    }
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    let count = parts.count == 2 ? Int(parts[1]) : nil
    guard parts.count == 1 || (parts.count == 2 && count != nil) else { return nil }
    guard parts[0] == "auto" else {
      guard let index = Int(parts[0]), let count else { return nil }
      self.init(index, of: count)
      return
    }
    if let task = number("SLURM_ARRAY_TASK_ID"), let tasks = number("SLURM_ARRAY_TASK_COUNT") {
      guard count == nil || count == tasks else { return nil }
      self.init(task - (number("SLURM_ARRAY_TASK_MIN") ?? 0) + 1, of: tasks)
    } else if let index = number("JOB_COMPLETION_INDEX"), let count {
      self.init(index + 1, of: count)
    } else {
      return nil
    }
  }
}
