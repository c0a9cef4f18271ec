import Exchanges
import Profiles
import Sockets
import Testing

@testable import Campaigns
@testable import Targets

@Suite struct TargetURLTests {
    @Test(
        arguments: [
            ("http://127.0.0.1:4343", "127.0.0.1", 4343, nil),
            ("http://localhost", "localhost", 80, nil),
            ("http://[::1]:8080/api/v0/", "[::1]", 8080, "/api/v0"),
            ("http://[::1]", "[::1]", 80, nil),
            ("http://h:1/", "h", 1, nil), ("http://h/a/b", "h", 80, "/a/b"),
            ("http://h:65535", "h", 65535, nil), ("https://h", "h", 443, nil),
            ("https://[::1]:8443/v1", "[::1]", 8443, "/v1"),
        ] as [(String, String, Int, String?)])
    func `a URL has a host, a port and perhaps a prefix`(
        text: String, host: String, port: Int, prefix: String?
    ) throws {
        let url = try TargetURL(text)
        #expect(url.host == host && url.port == port && url.prefix == prefix)
        #expect(url.isSecure == text.hasPrefix("https"))
    }

    @Test(arguments: [
        ("127.0.0.1:80", "is not an http:// or https:// URL"),
        ("", "is not an http:// or https:// URL"),
        ("ftp://h", "is not an http:// or https:// URL"), ("http://", "has no host"),
        ("http://:80", "has no host"), ("http://h:0", "has a port outside 1 to 65535"),
        ("http://h:65536", "has a port outside 1 to 65535"),
        ("http://h:", "has a port outside 1 to 65535"),
        ("http://h:http", "has a port outside 1 to 65535"),
        ("http://u:p@h", "has a user, a query or a fragment"),
        ("http://h/?a", "has a user, a query or a fragment"),
        ("http://h/#a", "has a user, a query or a fragment"),
        ("http://h/a b", "has a user, a query or a fragment"),
        ("http://h/a\r\nX: y", "has a user, a query or a fragment"),
        ("http://a b", "has a host with a space or a control character"),
        ("http://a\r\nb", "has a host with a space or a control character"),
    ])
    func `what is no target says why, and what to write`(text: String, reason: String) {
        #expect {
            _ = try TargetURL(text)
        } throws: { error in
            "\(error)"
                == "the target \"\(text)\" \(reason); write http://HOST:PORT, as in "
                + "http://127.0.0.1:4343"
        }
    }

    private func endpoint(
        _ url: TargetURL, connectTo: String? = nil, allowedHosts: [String] = []
    ) throws -> Endpoint {
        var network = Network()
        network.connectTo = connectTo
        network.allowedHosts = allowedHosts
        return try Route(url: url, network: network).endpoint()
    }

    @Test(
        arguments: [
            ("127.0.0.2:81", true, nil), ("192.0.2.1:81", false, "--allow-host 192.0.2.1"),
            ("unix:/tmp/socket", true, nil),
            ("unix:/\(String(repeating: "x", count: 200))", false, "at most 107 bytes"),
            ("127.0.0.1:99999", false, "is no HOST:PORT"),
        ] as [(String, Bool, String?)])
    func `connect to decides where connections go, whatever the host`(
        place: String, isTaken: Bool, words: String?
    ) throws {
        let url = try TargetURL("http://node.example:80")
        if isTaken {
            let endpoint = try endpoint(url, connectTo: place)
            #expect(endpoint.isLoopback && endpoint.authority == "node.example:80")
        } else {
            let error = #expect(throws: CampaignError.self) {
                try endpoint(url, connectTo: place)
            }
            #expect(
                error?.description.contains(words ?? "") == true, "\(String(describing: error))")
        }
    }

    @Test(arguments: ["http://127.0.0.1:1", "http://127.8.9.10:1", "http://[::1]:1"])
    func `load goes to this machine`(text: String) throws {
        #expect(try endpoint(TargetURL(text)).isLoopback)
    }

    @Test func `load goes to another host only where that is allowed`() throws {
        let url = try TargetURL("http://192.0.2.1:80")
        #expect {
            _ = try endpoint(url, allowedHosts: ["192.0.2.2"])
        } throws: { error in
            "\(error)" == "the target 192.0.2.1 is not this machine, and load goes there only if "
                + "allowed; if it is yours to load, add --allow-host 192.0.2.1, or name it in "
                + "the profile's network.allow hosts"
                && (error as? CampaignError)?.code == .usage
        }
        #expect(try !endpoint(url, allowedHosts: ["192.0.2.1"]).isLoopback)
        // In YAML, brackets make a list of it.
        for host in ["[2001:db8::1]", "2001:db8::1"] {
            let url = try TargetURL("http://[2001:db8::1]:80")
            #expect(try !endpoint(url, allowedHosts: [host]).isLoopback)
            #expect(throws: CampaignError.self) { try endpoint(url, allowedHosts: ["\(host)1"]) }
        }
    }

    @Test func `a control is stopped once and stays so`() {
        let control = RunControl()
        #expect(!control.isStopRequested)
        control.stop()
        control.stop()
        #expect(control.isStopRequested)
    }
}
