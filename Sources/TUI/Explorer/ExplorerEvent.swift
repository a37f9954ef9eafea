import Core
import Viz

/// Something that happened: the only way in which the state changes.
enum ExplorerEvent: Sendable {
  /// A key, the mouse, a new size, a paste.
  case terminal(TerminalEvent)
  /// An image was read; labels that cannot be used are told in `note`.
  case decoded(entry: Int, picture: Picture, truth: LabelMap?, note: String?)
  /// What an image becomes while something is altered; out of date once that is changed.
  indirect case altered(Alteration, ExplorerEvent)
  /// A slot's classes of the part that was asked for.
  case reinferred(Reinference, slot: Int, LabelMap)
  /// The part that was asked for cannot be predicted by itself.
  case reinferenceFailed(Reinference, message: String)
  /// A slot answered at one output stride.
  case answered(entry: Int, slot: Int, Answer)
  /// An image, or a model's answer for it, cannot be had.
  case failed(entry: Int, message: String)
  /// What a finished image taught, whether it is still open or was worked out ahead, and what each slot's answer counts.
  case learnt(entry: Int, Gallery.Facts, counts: [SlotCounts])
  /// What a slot's answers count on images that need not have been shown.
  case counted(slot: Int, [Counted])
  /// A slot's model is another one now, as when a run has saved a newer checkpoint.
  case replaced(slot: Int, message: String)
  /// A slot's model is loaded, and these are its class tokens; a checkpoint's file comes with them.
  case tokens(slot: Int, ClassTokens, FileStamp? = nil)
  /// What a slot's model predicts of the open image with its tokens edited.
  case edited(WhatIf.Outcome)
  /// Images that the store of results has marked.
  case marked(Set<String>)
  /// How many predictions an evaluation has counted of how many; `nil` when it has ended, with what came of it.
  case evaluated((done: Int, total: Int)?, message: String?)
  /// How far a scatter of features is, or what came of it.
  case scattered(ScatterLens.Report)
  /// A small picture for the sheet, `nil` where the image cannot be read.
  case thumbnail(entry: Int, Picture?)
  /// What the engine is doing, `nil` when it rests.
  case activity(Activity?)
  /// How many images of a contact sheet are predicted of how many.
  case composed(done: Int, total: Int)
  /// A figure was written, or could not be.
  case exported(String, isError: Bool)
  /// What the last frame was to the line.
  case measured(Traffic)
  /// What the terminal can show, as far as is known by now.
  case features(TerminalFeatures)
  /// A message for the status line.
  case message(String, isError: Bool)
  /// Time has passed: animations and slide shows move on.
  case tick
}

/// What a slot's answers for one image count, where it has labels.
struct SlotCounts: Sendable {
  var confusion: ImageConfusion?
  /// Between teacher and student, where the model has both.
  var split: GuidanceSplit?
}

/// What was counted on one image, and what that says.
struct Counted: Sendable {
  let entry: Int
  let confusion: ImageConfusion
  let scores: ImageScores

  init(entry: Int, _ counts: ConfusionMatrix) {
    self.entry = entry
    confusion = ImageConfusion(counts)
    scores = ImageScores(counts)
  }
}

/// Work under way, for the spinner.
struct Activity: Sendable, Equatable {
  let what: String
  /// How many parts are done of how many, where that is known.
  var progress: (done: Int, total: Int)?

  static func == (a: Activity, b: Activity) -> Bool {
    a.what == b.what && a.progress?.done == b.progress?.done
      && a.progress?.total == b.progress?.total
  }
}

/// What the update asks the world to do.
enum ExplorerEffect: Sendable {
  /// Work out an image, and the ones beside it when that is done, with extras; anything else under way is given up.
  case show(entry: Int, neighbours: [Int], Answer.Extras)
  /// Work out an image as an alteration has it, without keeping or counting anything.
  case showAltered(entry: Int, Answer.Extras, Alteration)
  /// Predict a part of the open image by itself; or give that up.
  case reinfer(Reinference)
  case cancelReinference
  /// Make the small pictures of entries; those asked for before and not begun are given up.
  case thumbnails([Int])
  /// Write what is on screen to a file.
  case export(ExportRequest)
  /// Predict the images of a contact sheet, then write it.
  case figure(FigureRequest)
  /// Make a prediction with edited tokens; an older one of the same slot need not be made any more.
  case edit(WhatIfRequest)
  /// Write a checkpoint with edited tokens.
  case saveTokens(TokenSaving)
  /// Give up what is being written.
  case cancelExport
  /// Keep an image's mark, or that it has none any more, where other programs find it.
  case mark(name: String, Bool)
  /// Count all images that have not been counted, beside the screen; or stop that.
  case evaluate
  case stopEvaluating
  /// Lay features of some images out in a plane; or give that up.
  case scatter(ScatterLens.Request)
  case stopScatter
  /// Put text into the terminal's clipboard.
  case copy(String)
  /// Take the mouse, or leave it to the terminal.
  case setMouse(Bool)
  /// Keep marks, place and settings for the next start.
  case save
  /// Stop in the background until the shell brings the program back.
  case suspend
  /// Leave.
  case quit
}

/// A figure to be composed and written.
struct ExportRequest: Sendable {
  let path: String
  /// Whether the user typed the path, and so means a file that is there to be replaced.
  let isNameChosen: Bool
  let sheet: FigureSheet

  /// A figure at the path that the user typed; one that is empty or ends in a slash leaves the `name` to the program.
  init(path: String, name: String, sheet: FigureSheet) {
    isNameChosen = !path.isEmpty && !path.hasSuffix("/")
    self.path = isNameChosen ? path : path + name
    self.sheet = sheet
  }
}

/// A contact sheet of images that need not have been shown.
struct FigureRequest: Sendable {
  let path: String
  /// The file's name where the path leaves it to the program.
  let name: String
  /// The images, in the order of the rows.
  let entries: [Int]
  /// Without rows yet.
  let sheet: ContactSheet
  /// The output stride that is held, instead of the finest.
  let pinnedStride: Int?
  let opacity: Double
  let look: FigureLook
}
