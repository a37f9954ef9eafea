import Viz

/// A screen of cells with a keyboard and a mouse.
///
/// All of it belongs to the thread that opened it, but for `waker`.
protocol Terminal: AnyObject {
  /// The screen's size in cells.
  var size: TerminalSize { get }
  /// What the screen can show.
  var features: TerminalFeatures { get }
  /// What drawing has cost.
  var traffic: Traffic { get }
  /// Ends a wait in `nextEvent` from any thread.
  var waker: Waker { get }
  /// The signal that asked the process to end, where one did.
  var endSignal: Int32? { get }

  /// Shows `grid` from the top left corner: what lies outside of the screen is left out, what is missing is blank.
  ///
  /// Only cells that differ from those on the screen are sent. Colours that the screen has not are shown by the nearest
  /// it has; a grid that has been dithered to the screen's palette is shown as it is.
  func draw(_ grid: CellGrid)

  /// The next thing that happened, at once where something has; `nil` after `timeout` without any. Waits for ever
  /// without a timeout.
  func nextEvent(timeout: Duration?) -> TerminalEvent?

  /// Chooses what the mouse reports.
  func setMouse(_ reporting: MouseReporting)

  /// Puts text onto the clipboard of the person at the terminal, however far away.
  func copyToClipboard(_ text: String) throws(ClipboardFailure)

  /// Names the terminal's window; the old name comes back at the end.
  func setTitle(_ title: String)

  /// Gives the terminal back to the shell and stops, as Ctrl-Z does; returns when the process runs again.
  func suspend()

  /// Gives the terminal back for good; may be called twice.
  func close()
}

/// Ends a wait for events from any thread, so that a result made in the background is shown at once.
struct Waker: Sendable {
  /// Ends the wait.
  ///
  /// The event is `wake`; several calls before the wait ends count as one.
  let wake: @Sendable () -> Void
}
