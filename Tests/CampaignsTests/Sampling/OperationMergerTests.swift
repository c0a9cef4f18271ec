import Checker
import Generator
import Testing

@testable import Campaigns

@Suite struct OperationMergerTests {
    private func part(_ keys: [String], _ operations: [Checker.Operation]) -> OperationJournal.Part
    {
        OperationJournal.Part(
            keys: keys.map { OperationJournal.Key(text: Array($0.utf8), scenario: 0) },
            operations: operations)
    }

    @Test func `a key has one number, whatever the threads call it`() {
        var merger = OperationMerger(threadCount: 2)
        let first = merger.take(
            part(
                ["a", "b"],
                [
                    Operation(.put, key: 0, value: 1, at: 1...2),
                    Operation(.get, key: 1, at: 1...2),
                ]), thread: 0)
        let second = merger.take(
            part(
                ["b", "a", "c"],
                [
                    Operation(.put, key: 0, value: 2, at: 1...2),
                    Operation(.get, key: 1, value: 1, at: 3...4),
                    Operation(.get, key: 2, at: 3...4),
                ]), thread: 1)
        #expect(first.map(\.key) == [0, 1] && second.map(\.key) == [1, 0, 2])
        // What was only read is not read back.
        #expect(merger.written.map(\.number) == [0, 1])
        #expect(merger.written.map { String(decoding: $0.text, as: UTF8.self) } == ["a", "b"])
        #expect(merger.problem == nil)
    }
}
