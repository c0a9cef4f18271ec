import Contracts
import Foundation
import JSON
import Testing

@testable import MoonbaseNode

/// A node without sockets: requests go to it as its server hands them over.
private final class NodeBench {
    let folder = DataFolder()
    let node: Node
    private let mailbox: Mailbox

    init() throws {
        node = try Node(
            NodeSettings(folder: folder.path), contract: try Contract(builtIn: "moonbase-v0"))
        mailbox = try Mailbox()
    }

    deinit { node.close() }

    /// Begins a request; the answer where it is there at once.
    func begin(_ method: String, _ path: String, _ body: String = "", slot: Int = 0) -> Answer? {
        served(method, path, body, slot: slot).answer
    }

    func responder(slot: Int = 0) -> Responder {
        Responder(mailbox: mailbox, slot: slot, generation: 1)
    }

    /// What becomes of a request.
    func served(
        _ method: String, _ path: String, _ body: String = "", slot: Int = 0
    ) -> Node.Served {
        var request = Request()
        request.method = method
        let parts = path.split(separator: "?", maxSplits: 1)
        request.path = "/api/v0" + parts[0]
        request.query = parts.count > 1 ? String(parts[1]) : ""
        request.body = Array(body.utf8)
        return node.serve(request, isAdmin: false, responder(slot: slot))
    }

    /// The next answers that come later, by their slots.
    func wait() -> [Int: Answer] {
        var entry = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 60_000) > 0 else { return [:] }
        var answers: [Int: Answer] = [:]
        for case .answer(let slot, _, let answer) in mailbox.take() { answers[slot] = answer }
        return answers
    }

    /// Status and value of a request's answer.
    func call(
        _ method: String, _ path: String, _ body: String = ""
    ) throws -> (status: Int, value: JSONValue) {
        let answer = try #require(begin(method, path, body) ?? wait()[0])
        guard answer.contentType == "application/json" else {
            return (answer.status, .string(String(decoding: answer.body, as: UTF8.self)))
        }
        return (answer.status, try JSONValue(parsing: answer.body))
    }
}

@Suite(.timeLimit(.minutes(20))) struct NodeTests {
    @Test func `plans are switched at the admin port, and at no other`() throws {
        let bench = try NodeBench()
        func status(_ method: String, _ name: String, isAdmin: Bool = true, _ body: String = "")
            -> Int?
        {
            var request = Request()
            request.method = method
            request.path = "/injections/\(name)"
            request.body = Array(body.utf8)
            return bench.node.serve(request, isAdmin: isAdmin, bench.responder()).answer?.status
        }
        let plan = "{\"faults\":[{\"errors\":{\"status\":503,\"for\":\"1h\"}}]}"
        #expect(status("PUT", "a", isAdmin: false, plan) == 404)
        #expect(status("PUT", "a", "faults: [{ nothing: {} }]") == 400)
        #expect(status("PUT", "a/b", plan) == 400)
        #expect(status("GET", "a") == 405)
        #expect(bench.served("GET", "/ping").injection == nil)
        #expect(status("PUT", "a", plan) == 200)
        #expect(bench.served("GET", "/ping").injection?.status == 503)
        #expect(status("DELETE", "a") == 200 && status("DELETE", "a") == 200)
        #expect(bench.served("GET", "/ping").injection == nil)
    }

    @Test func `a record is put, read, overwritten and deleted`() throws {
        let bench = try NodeBench()
        #expect(try bench.call("POST", "/open", "{\"dbName\":\"d\"}").status == 200)
        for value in ["1", "{\"a\":[null,2.5]}"] {
            let put = "{\"command\":\"put\",\"args\":{\"key\":\"k\",\"value\":\(value)}}"
            let (status, answer) = try bench.call("POST", "/db/d", put)
            #expect(status == 200)
            // Once from storage, and once from the table in memory.
            for _ in 0..<2 {
                let got = try bench.call(
                    "POST", "/db/d", "{\"command\":\"get\",\"args\":{\"key\":\"k\"}}")
                #expect(got.value["value"]?.text == value)
                #expect(got.value["hash"] == answer["hash"])
            }
        }
        _ = try bench.call("POST", "/db/d", "{\"command\":\"del\",\"args\":{\"key\":\"k\"}}")
        let gone = try bench.call("POST", "/db/d", "{\"command\":\"get\",\"key\":\"k\"}")
        #expect(gone.value["value"] == .null)
    }

    @Test func `of many builders of one pod one succeeds, and nothing is left of the others`()
        throws
    {
        let bench = try NodeBench()
        var statuses: [Int] = []
        var waiting = 0
        for slot in 0..<50 {
            let body = "{\"id\":\"p\",\"process\":\"orbitdb\"}"
            if let answer = bench.begin("POST", "/pods", body, slot: slot) {
                statuses.append(answer.status)
            } else {
                waiting += 1
            }
        }
        while waiting > 0 {
            let answers = bench.wait()
            try #require(!answers.isEmpty)
            waiting -= answers.count
            statuses += answers.values.map(\.status)
        }
        #expect(statuses.count { $0 == 200 } == 1)
        #expect(statuses.count { $0 == 409 } == 49)
        #expect(try bench.call("DELETE", "/pods", "{\"id\":\"p\"}").status == 200)
        let model = bench.node.bay.snapshot
        #expect(model.pods.count == 1)
        #expect(model.containersStarted - model.containersStopped == 3)
    }

    @Test func `a deleted pod takes its databases, filesystems and subscriptions along`() throws {
        let bench = try NodeBench()
        for (path, body) in [
            ("/pods", "{\"id\":\"p\",\"process\":\"orbitdb\"}"),
            ("/pods", "{\"id\":\"f\",\"process\":\"filesystem\"}"),
            ("/open", "{\"dbName\":\"d\",\"dbType\":\"events\",\"podId\":\"p\"}"),
            ("/db/d", "{\"command\":\"add\",\"args\":{\"value\":1}}"),
            ("/pubsub/subscribe", "{\"topic\":\"t\",\"podId\":\"p\"}"),
            (
                "/fs",
                "{\"podId\":\"f\",\"filesystemName\":\"files\",\"filesystemType\":\"unixfs\"}"
            ),
            ("/fs/files", "{\"path\":\"/a\",\"data\":\"x\"}"),
        ] { #expect(try bench.call("POST", path, body).status == 200, "\(path) \(body)") }
        for pod in ["p", "f"] {
            #expect(try bench.call("DELETE", "/pods", "{\"id\":\"\(pod)\"}").status == 200)
        }
        #expect(try bench.call("GET", "/db/d").status == 404)
        #expect(try bench.call("GET", "/fs/files").status == 404)
        #expect(try bench.call("GET", "/pubsub/topics").value["topics"] == .array([]))
        // The same name again is another database.
        _ = try bench.call("POST", "/open", "{\"dbName\":\"d\",\"dbType\":\"events\"}")
        #expect(try bench.call("POST", "/db/d", "{\"command\":\"all\"}").value == .array([]))
    }

    @Test func `messages reach the subscribers that run`() throws {
        let bench = try NodeBench()
        _ = try bench.call("POST", "/pods", "{\"id\":\"g\",\"process\":\"gossipsub\"}")
        for body in ["{\"topic\":\"t\"}", "{\"topic\":\"t\",\"podId\":\"g\"}"] {
            #expect(try bench.call("POST", "/pubsub/subscribe", body).status == 200)
        }
        let publish = "{\"topic\":\"t\",\"message\":\"m\"}"
        #expect(
            try bench.call("POST", "/pubsub/publish", publish).value["delivered"] == .integer(2))
        #expect(try bench.call("PUT", "/pod/g", "{\"state\":\"stop\"}").status == 200)
        #expect(
            try bench.call("POST", "/pubsub/publish", publish).value["delivered"] == .integer(1))
    }
}
