import Testing

@testable import Viz
