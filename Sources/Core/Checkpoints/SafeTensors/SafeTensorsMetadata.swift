/// The free text entries of a safetensors file, in order, each key once.
public struct SafeTensorsMetadata: Sendable, ExpressibleByDictionaryLiteral {
  /// The entries in the order of the file.
  public private(set) var entries: [(key: String, value: String)] = []

  /// Metadata of the given entries; of two with the same key the later holds.
  public init(dictionaryLiteral entries: (String, String)...) {
    self.init(entries.map { (key: $0.0, value: $0.1) })
  }

  /// Metadata of the given entries; of two with the same key the later holds.
  init(_ entries: [(key: String, value: String)]) {
    var indices: [ExactString: Int] = [:]
    for entry in entries {
      let key = ExactString(entry.key)
      if let index = indices[key] {
        self.entries[index].value = entry.value
      } else {
        indices[key] = self.entries.count
        self.entries.append(entry)
      }
    }
  }

  /// The text under `key`, `nil` where there is none.
  ///
  /// Keys are compared byte by byte.
  public subscript(key: String) -> String? {
    get { index(of: key).map { entries[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append((key, value))
      case (nil, nil): break
      }
    }
  }

  /// Adds an entry whose key is known to be new.
  mutating func append(_ key: String, _ value: String) { entries.append((key, value)) }

  private func index(of key: String) -> Int? {
    entries.firstIndex { ExactString($0.key) == ExactString(key) }
  }
}
