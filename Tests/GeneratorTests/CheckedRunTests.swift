import Checker
import EventLoops
import Measurements
import Profiles
import Requests
import Testing

@testable import Generator

@Suite(.timeLimit(.minutes(5))) struct CheckedRunTests {
    private static let registers = """
        contract: none
        scenarios:
          - s:
              checked: "k"
              steps:
                - request: { method: PUT, url: '/${checked:key}', text: '${checked:value}',
                    checked: put }
                - request: { url: '/${checked:key}', checked: { get: $.value } }
        checked: { refusals: { status: [503], header: X-Own } }
        """
    private static let events = """
        contract: none
        scenarios:
          - s:
              checked: "log"
              steps:
                - request: { method: POST, url: '/log', text: '${checked:value}', checked: add }
                - request: { url: '/log', checked: { list: $, value: $.v, last: $.id } }
                - request: { url: '/log?${checked:next}',
                    checked: { more: $, value: $.v, last: $.id } }
        """

    private func operations(
        _ text: String, rounds: Int = 1,
        _ answer: @escaping @Sendable (String, Int) -> FakeTarget.Answer
    ) async throws -> (OperationJournal.Part, FakeRun.Result) {
        let profile = try FakeRun.profile(
            text, load: "{ users: 1, iterations per user: \(rounds), for: 20s }")
        let result = try await FakeRun.run(try FakeRun.plan(profile), answer)
        return (result.operations, result)
    }

    /// What a request has as its body.
    private static func body(_ request: String) -> String {
        String(request.split(separator: "\r\n", omittingEmptySubsequences: false).last ?? "")
    }

    @Test func `a write and its read are recorded with one key and one value`() async throws {
        let stored = Locked("")
        let (part, result) = try await operations(Self.registers) { request, turn in
            if turn == 0 { stored.withLock { $0 = Self.body(request) } }
            return .json("{\"value\":\"\(stored.withLock { $0 })\"}")
        }
        let value = try #require(UInt64(Self.body(result.requests[0])))
        #expect(value < 1 << 53 && String(value).count == Template.checkedValueWidth)
        #expect(part.operations.map(\.kind) == [.put, .get])
        #expect(part.operations.map(\.value) == [value, value])
        #expect(part.operations.map(\.outcome) == [.ok, .ok])
        let key = String(decoding: part.keys[0].text, as: UTF8.self)
        #expect(part.keys.count == 1 && key.hasSuffix("-k") && key.count == 10)
        #expect(result.lines[1] == "GET /\(key) HTTP/1.1")
        for (operation, times) in zip(part.operations, result.times) {
            #expect(operation.completed - operation.invoked == times.done - times.due)
        }
    }

    @Test(arguments: [
        (FakeTarget.Answer(status: 503, headers: [("x-own", "1")]), Operation.Outcome.failed),
        (FakeTarget.Answer(status: 503), .maybe), (FakeTarget.Answer(status: 500), .maybe),
        (FakeTarget.Answer(isLate: true), .maybe), (FakeTarget.Answer(status: 204), .ok),
    ])
    func `a write is refused for certain only by the target's own word`(
        answer: FakeTarget.Answer, outcome: Operation.Outcome
    ) async throws {
        let (part, _) = try await operations(Self.registers) { _, turn in
            turn == 0 ? answer : .json("{}")
        }
        #expect(part.operations.first?.outcome == outcome)
    }

    @Test(arguments: [
        ("{}", true), ("{\"value\":null}", true), ("{\"value\":\"other\"}", false),
        ("{\"value\":12}", false),
    ])
    func `a read of nothing is told from one of somebody else's value`(
        body: String, isNothing: Bool
    ) async throws {
        let (part, _) = try await operations(Self.registers) { _, turn in .json(body) }
        let read = try #require(part.operations.last)
        #expect(read.kind == .get && (read.value == Operation.none) == isNothing)
    }

    @Test func `a list has its events page by page, and then its end`() async throws {
        let (part, result) = try await operations(Self.events) { request, turn in
            switch turn {
            case 1: .json("[{\"v\":\"11\",\"id\":\"a\"},{\"v\":\"12\",\"id\":\"b\"}]")
            case 2: .json("[{\"v\":\"13\",\"id\":\"c\"}]")
            default: .json("[]")
            }
        }
        #expect(
            result.lines == [
                "POST /log HTTP/1.1", "GET /log HTTP/1.1", "GET /log?b HTTP/1.1",
                "GET /log?c HTTP/1.1",
            ])
        #expect(part.operations.map(\.kind) == [.add, .list, .list, .list, .list])
        #expect(part.operations.dropFirst().map(\.value) == [11, 12, 13, Operation.none])
        #expect(Set(part.operations.dropFirst().map(\.client)).count == 1)
    }

    @Test func `an empty log has no further page, and two lists have two numbers`() async throws {
        let (part, result) = try await operations(Self.events, rounds: 2) { _, _ in .json("[]") }
        #expect(result.requests.count == 4)
        let lists = part.operations.filter { $0.kind == .list }
        #expect(lists.map(\.value) == [Operation.none, Operation.none])
        #expect(lists[0].client != lists[1].client)
    }

    @Test func `a request that is not checked is not recorded`() async throws {
        let text = "contract: none\nscenarios: [{ s: { steps: [{ request: { url: / } }] } }]"
        let (part, result) = try await operations(text) { _, _ in .json("{}") }
        #expect(result.requests.count == 1 && part.operations.isEmpty && part.keys.isEmpty)
    }
}
