import Testing

@testable import Collector

@Suite struct CollectingRuntimeTests {
    @Test func `a Go program is known by the note of its linker`() {
        let note: [UInt8] = [4, 0, 0, 0, 83, 0, 0, 0, 4, 0, 0, 0, 71, 111, 0, 0]
        let filler = [UInt8](repeating: 7, count: 64)
        #expect(CollectingRuntime.isGo(filler + note + filler))
        #expect(!CollectingRuntime.isGo(filler + note.dropLast(4) + filler))
        #expect(!CollectingRuntime.isGo([]) && CollectingRuntime.name(of: "self") == nil)
    }
}
