import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads a page as XML, which refuses what is not well-formed.
final class PageReader: NSObject, XMLParserDelegate {
  /// An element with the text directly below it.
  struct Element {
    let name: String
    let attributes: [String: String]
    var text = ""
  }

  /// A row of a table: its first heading, and the exact values of its numbers.
  struct Row {
    let heading: String
    var values: [String]
  }

  private var elements: [Element] = []
  private var open: [Int] = []

  /// All elements in the order of their beginnings.
  static func elements(of page: String) throws -> [Element] {
    let parser = XMLParser(data: Data(page.utf8))
    let reader = PageReader()
    parser.delegate = reader
    guard parser.parse() else {
      throw parser.parserError ?? CocoaError(.coderReadCorrupt)
    }
    return reader.elements
  }

  /// The rows that begin with a heading.
  static func rows(in elements: [Element]) -> [Row] {
    var rows: [Row] = []
    var isNew = false
    for element in elements {
      switch element.name {
      case "tr": isNew = true
      case "th" where isNew:
        rows.append(Row(heading: element.text, values: []))
        isNew = false
      case "td":
        if let value = element.attributes["data-value"], !rows.isEmpty {
          rows[rows.count - 1].values.append(value)
        }
      default: break
      }
    }
    return rows
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if let last = open.last { elements[last].text += text }
  }
}
