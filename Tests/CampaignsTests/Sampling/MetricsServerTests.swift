import EventLoops
import Foundation
import Glibc
import Testing

@testable import Campaigns
@testable import Targets

@Suite(.timeLimit(.minutes(20))) struct MetricsServerTests {
    @Test(arguments: [
        "", "x", ":9464", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "localhost:9464", "-1",
        "127.0.0.1", "[::1", "256.0.0.1:80",
    ])
    func `what is no place is said, with how one is written`(text: String) {
        #expect {
            _ = try MetricsListener(text)
        } throws: { error in
            "\(error)".contains("as in 127.0.0.1:9464") && (error as? CampaignError)?.code == .usage
        }
    }

    @Test func `a port alone is of this machine, and one that is taken is said`() throws {
        let listener = try MetricsListener("0")
        defer { close(listener.descriptor) }
        #expect(listener.address.hasPrefix("127.0.0.1:"))
        #expect(!listener.address.hasSuffix(":0"))
        #expect {
            _ = try MetricsListener(listener.address)
        } throws: { "\($0)".contains("cannot listen there: Address already in use") }
    }

    /// Serves a page while `body` asks for it.
    private func serve(_ page: String, _ body: (String) throws -> Void) async throws {
        let loop = try EventLoop(name: "metrics-test")
        defer { loop.stop() }
        let listener = try MetricsListener("0")
        let server = try await withTaskExecutorPreference(loop) {
            LoopBound(try MetricsServer(listener, on: loop) { page }, to: loop)
        }
        try body(listener.address)
        await withTaskExecutorPreference(loop) { server.value.stop() }
    }

    /// Sends bytes and gives what comes back until the end.
    private func ask(_ address: String, _ text: String) throws -> String {
        let descriptor = try connect(address)
        defer { close(descriptor) }
        _ = text.withCString { write(descriptor, $0, strlen($0)) }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }

    private func connect(_ address: String) throws -> Int32 {
        let port = try #require(UInt16(address.split(separator: ":").last ?? ""))
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        #expect(isConnected)
        return descriptor
    }

    @Test func `the page is given to who asks for it, however large`() async throws {
        let page = String(repeating: "loadgen_in_flight 1\n", count: 200_000)
        try await serve(page) { address in
            let answer = try ask(address, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("Content-Type: text/plain; version=0.0.4"))
            #expect(answer.utf8.count > page.utf8.count && answer.hasSuffix(page))
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", "404"), ("POST /metrics HTTP/1.1\r\n\r\n", "405"),
        ("\r\n\r\n", "400"), ("GET /metrics\r\n\r\n", "400"),
        ("GET /metrics?x=1 HTTP/1.1\r\n\r\n", "200"),
    ])
    func `anything else is refused`(request: String, status: String) async throws {
        try await serve("page\n") { address in
            let answer = try ask(address, request)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        }
    }

    @Test func `a head without an end is cut off, and idle peers keep nobody out`() async throws {
        try await serve("page\n") { address in
            let cut = try ask(address, String(repeating: "x", count: 20_000))
            #expect(cut.isEmpty)
            let idle = try (0..<20).map { _ in try connect(address) }
            defer { for descriptor in idle { close(descriptor) } }
            let answer = try ask(address, "GET /metrics HTTP/1.1\r\n\r\n")
            #expect(answer.hasSuffix("page\n"))
        }
    }
}
