import Core
import Foundation
import Viz

/// What the explorer remembers of a folder from one start to the next: place, marks, look.
///
/// Kept as JSON in `$XDG_STATE_HOME/hfgd/explorer.json`, one member a folder; a file that cannot be read is as good as
/// none, and is replaced at the next save.
struct ExplorerMemory {
  private let path: String
  private let folder: String

  /// The memory of `folder` under the user's state folder.
  init(folder: String, environment: [String: String]) {
    let home = environment["HOME"] ?? "/tmp"
    let state =
      environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
      ?? home.appendingPath(".local/state")
    path = state.appendingPath("hfgd/explorer.json")
    self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
  }

  /// Puts what is remembered into a fresh state.
  func restore(_ state: inout ExplorerState) {
    guard let place = all.first(where: { $0.key == folder })?.value else { return }
    state.gallery.marks = Set((place["marks"]?.array ?? []).compactMap(\.string))
    if let image = place["image"]?.string { state.gallery.open(named: image) }
    if let theme = Theme.all.first(where: { $0.name == place["theme"]?.string }) {
      state.theme = theme
    }
    if let glyphs = place["glyphs"]?.string.flatMap(GlyphSet.init(rawValue:)) {
      state.glyphs = glyphs
    }
    if let opacity = place["opacity"]?.double { state.opacity = min(max(opacity, 0), 1) }
    state.history = (place["history"]?.array ?? []).compactMap(\.string)
    state.shown = Shown(entry: state.gallery.selected, slots: state.slots.count)
  }

  /// Writes the state's place; another folder's stays as it is.
  func save(_ state: ExplorerState) throws(FileFailure) {
    let place = JSON.object([
      JSON.Member("image", .string(state.gallery.current?.name ?? "")),
      JSON.Member("marks", .array(state.gallery.marks.sorted().map { .string($0) })),
      JSON.Member("theme", .string(state.theme.name)),
      JSON.Member("glyphs", .string(state.glyphs.rawValue)),
      JSON.Member("opacity", .number(state.opacity, decimals: 2)),
      JSON.Member("history", .array(state.history.suffix(50).map { .string($0) })),
    ])
    let members = all.filter { $0.key != folder } + [JSON.Member(folder, place)]
    try Folder.create(path.parentFolder)
    try AtomicFile.write(Array(JSON.object(members).text.utf8), to: path)
  }

  private var all: [JSON.Member] {
    guard let bytes = try? FileBytes.read(path, maxBytes: 16 << 20),
      let json = try? JSON(utf8: bytes)
    else { return [] }
    return json.object ?? []
  }
}
