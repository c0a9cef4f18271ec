import EventLoops
import Exchanges
import Foundation
import Profiles
import Sockets
import Testing

@testable import Campaigns
@testable import Targets

@Suite struct LaneFactoryTests {
    private func lanes(
        _ target: String, _ change: (inout Network) -> Void = { _ in }
    ) throws -> LaneFactory {
        var network = Network()
        change(&network)
        return try LaneFactory(try TargetURL(target), network: network)
    }

    /// How many addresses the system knows of a host.
    private func addresses(of host: String) throws -> Int {
        var endpoint: Endpoint? = try Endpoint(host: host, port: 1)
        var count = 0
        while let present = endpoint {
            count += 1
            endpoint = present.byNextAddress
        }
        return count
    }

    @Test func `the target and the profile choose the lane`() throws {
        #expect(try !lanes("http://127.0.0.1:1").isCurl)
        #expect(try !lanes("https://127.0.0.1:1").isCurl)
        #expect(try !lanes("https://127.0.0.1:1") { $0.transport = .loops }.isCurl)
        #expect(try lanes("https://127.0.0.1:1") { $0.transport = .curl }.isCurl)
        #expect(try lanes("https://127.0.0.1:1") { $0.http = .two }.isCurl)
        #expect(try !lanes("https://127.0.0.1:1") { $0.isCompressed = true }.isCurl)
        #expect(try lanes("http://127.0.0.1:1") { $0.transport = .curl }.isCurl)
        #expect(try lanes("http://127.0.0.1:1") { $0.http = .two }.isCurl)
        for proxy in Proxy.Scheme.allCases.map({ "\($0)://127.0.0.1:3128" }) {
            #expect(try !lanes("http://127.0.0.1:1") { $0.proxy = proxy }.isCurl)
            #expect(try !lanes("https://127.0.0.1:1") { $0.proxy = proxy }.isCurl)
            #expect(try lanes("https://127.0.0.1:1") { ($0.proxy, $0.http) = (proxy, .two) }.isCurl)
        }
        #expect(try !lanes("http://127.0.0.1:1") { $0.isCompressed = true }.isCurl)
        #expect(try lanes("https://[::1]").authority == "[::1]:443")
    }

    /// What a network section gets wrong, and a part of what is said about it.
    static let refusals:
        [(target: String, change: @Sendable (inout Network) -> Void, words: String)] =
            [
                (
                    "https://127.0.0.1", { ($0.transport, $0.http) = (.loops, .two) },
                    "network.transport: loops speaks HTTP/1.1 alone"
                ),
                (
                    "http://127.0.0.1", { ($0.transport, $0.tls.least) = (.curl, "1.2") },
                    "not use TLS"
                ),
                (
                    "http://127.0.0.1", { $0.tls.isInsecure = true },
                    "network.tls: the target http://"
                ),
                (
                    "https://127.0.0.1", { $0.tls.authorities = "none.pem" },
                    "network.tls.authorities: \"none.pem\" cannot be read: No such file"
                ),
                (
                    "https://127.0.0.1", { $0.tls.authorities = #filePath },
                    "network.tls.authorities: \"\(#filePath)\" is not taken by OpenSSL: "
                ),
                (
                    "https://127.0.0.1",
                    { ($0.tls.certificate, $0.tls.key) = (#filePath, "none.key") },
                    "network.tls.key: \"none.key\" cannot be read"
                ),
                (
                    "https://127.0.0.1", { $0.tls.ciphers = "NONE-SUCH" },
                    "network.tls.ciphers: \"NONE-SUCH\" is not taken by OpenSSL: no cipher match"
                ),
                (
                    "https://127.0.0.1", { ($0.tls.least, $0.tls.most) = ("1.3", "1.2") },
                    "network.tls.least: 1.3 is above most: 1.2"
                ),
                ("https://192.0.2.1", { _ in }, "--allow-host 192.0.2.1"),
                (
                    "https://127.0.0.1", { $0.connectTo = "192.0.2.1:443" },
                    "--allow-host 192.0.2.1"
                ),
                (
                    "https://127.0.0.1", { $0.connectTo = "a b" },
                    "network.connect to: \"a b\" is no HOST:PORT"
                ),
                (
                    "https://127.0.0.1",
                    { $0.connectTo = "unix:/" + String(repeating: "x", count: 107) },
                    "is no socket; write unix:/PATH of at most 107 bytes"
                ),
                (
                    "https://127.0.0.1", { $0.sourceAddresses = ["127.0.0.1-"] },
                    "network.source addresses: \"127.0.0.1-\" is no address"
                ),
                (
                    "http://127.0.0.1", { $0.proxy = "http://192.0.2.1:3128" },
                    "--allow-host 192.0.2.1"
                ),
                (
                    "http://127.0.0.1",
                    { ($0.proxy, $0.transport) = ("http://127.0.0.1:3128", .curl) },
                    "network.proxy: HTTP/1.1 goes through a proxy on the event loops alone"
                ),
                (
                    "http://127.0.0.1", { $0.proxy = "ftp://127.0.0.1:21" },
                    "it is none of http, https"
                ),
                ("http://127.0.0.1", { $0.proxy = "http://127.0.0.1" }, "has no port"),
                (
                    "http://127.0.0.1", { $0.proxy = "http://user:word@127.0.0.1:3128" },
                    "its password must come from the environment"
                ),
                (
                    "http://127.0.0.1",
                    { $0.proxy = "http://user:${env:LOADGEN_NONE}@127.0.0.1:3128" },
                    "the environment has no LOADGEN_NONE"
                ),
                (
                    "http://127.0.0.1",
                    { ($0.proxy, $0.connectTo) = ("http://127.0.0.1:3128", "unix:/tmp/socket") },
                    "the proxy does not reach the unix socket"
                ),
                (
                    "http://127.0.0.1",
                    {
                        ($0.proxy, $0.connections) = ("https://127.0.0.1:3128", .user)
                        $0.http = .two
                    },
                    "network.connections: per user does not go with an https:// proxy over libcurl"
                ),
                (
                    "http://127.0.0.1",
                    {
                        $0.proxy =
                            "socks5h://\(String(repeating: "u", count: 256)):${env:HOME}@[::1]:1"
                    },
                    "a SOCKS proxy takes a user and a password of 1 to 255 bytes"
                ),
                (
                    "http://[::1]", { $0.proxy = "socks4://127.0.0.1:1080" },
                    "socks4 takes IPv4 addresses alone, and [::1]:80 has none"
                ),
                (
                    "http://127.0.0.1",
                    {
                        $0.proxy = "socks5h://127.0.0.1:1080"
                        $0.connectTo = "\(String(repeating: "n", count: 256)):80"
                    },
                    "SOCKS takes names of at most 255 bytes"
                ),
            ]

    @Test(arguments: refusals.indices)
    func `what cannot work is refused with its key, its value and what to do`(index: Int) {
        let row = Self.refusals[index]
        // Both lanes refuse what a lane can be wrong about, in the same words.
        let isTLS = row.words.contains("network.tls.")
        for transport: Network.Lane? in isTLS ? [nil, .loops, .curl] : [nil] {
            #expect {
                _ = try lanes(row.target) {
                    row.change(&$0)
                    $0.transport = transport ?? $0.transport
                }
            } throws: { error in
                "\(error)".contains(row.words) && (error as? CampaignError)?.code == .usage
            }
        }
    }

    @Test func `every problem is said at once, and a password never`() {
        #expect {
            _ = try lanes("https://127.0.0.1") { network in
                network.tls.authorities = "none.pem"
                network.tls.ciphers = "NONE-SUCH"
            }
        } throws: { error in
            "\(error)".contains("none.pem") && "\(error)".contains("NONE-SUCH")
        }
        #expect {
            _ = try lanes("http://127.0.0.1") { $0.proxy = "http://user:word@127.0.0.1:3128" }
        } throws: { error in
            !"\(error)".contains("word@")
        }
    }

    @Test func `what the profile allows, the target and its proxy may be`() throws {
        for target in ["http://192.0.2.1", "http://127.0.0.1"] {
            let lanes = try lanes(target) { network in
                network.proxy = "http://192.0.2.1:3128"
                network.allowedHosts = ["192.0.2.1"]
            }
            #expect(!lanes.isCurl && lanes.loopbackPort == nil)
        }
    }

    /// Ways to name a host for a proxy to go to, which looks it up by itself.
    @Test(arguments: ["http", "https", "socks4a", "socks5h"])
    func `a proxy is sent to no other host than this machine unless that is allowed`(
        scheme: String
    ) throws {
        // What a name is here says nothing about what it is where the proxy is: the name of this
        // very machine, which has an address of its own in most files of hosts.
        var name = [CChar](repeating: 0, count: 256)
        #expect(gethostname(&name, name.count - 1) == 0)
        let this = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        let ways: [(target: String, connectTo: String?)] = [
            ("http://\(this)", nil), ("https://\(this)", nil), ("http://192.0.2.1", nil),
            ("http://127.0.0.1", "\(this):80"), ("https://127.0.0.1", "192.0.2.1:443"),
            ("http://ip6-localhost", nil), ("http://localhost.", nil),
        ]
        for (way, http) in ways.flatMap({ way in
            [Network.HTTPVersion.one, .two].map { (way, $0) }
        }) {
            #expect("\(way) \(http)") {
                _ = try lanes(way.target) { network in
                    network.proxy = "\(scheme)://127.0.0.1:3128"
                    network.connectTo = way.connectTo
                    network.http = http
                }
            } throws: { error in
                // A name without any address here is refused as that.
                "\(error)".contains("--allow-host") || "\(error)".contains("has no address")
            }
        }
        // An address may be written in ways that a proxy would read otherwise.
        for host in ["127.0.0.1", "[::1]", "localhost", "0177.0.0.1", "127.1"] {
            _ = try lanes("http://\(host)") { $0.proxy = "\(scheme)://127.0.0.1:3128" }
        }
        // What is allowed is not looked up here.
        let allowed = try lanes("https://name.invalid") { network in
            network.proxy = "\(scheme)://127.0.0.1:3128"
            network.allowedHosts = ["name.invalid"]
        }
        #expect(allowed.authority == "name.invalid:443")
    }

    @Test func `a password comes from the environment`() throws {
        // One that is there: to set one would harm whatever reads the environment at that moment.
        let home = try #require(getenv("HOME").map { String(cString: $0) })
        let proxy = try ProxyURL("socks5h://me:${env:HOME}@127.0.0.1:1080")
            .located(Network()).proxy
        #expect(proxy.scheme == .socks5h && proxy.address == "127.0.0.1" && proxy.port == 1080)
        #expect(
            proxy.credentials == Proxy.Credentials(user: "me", password: home))
    }

    @Test(arguments: ["http://localhost:1", "https://localhost:1"])
    func `a host of more than one address has each of them in both lanes`(target: String) throws {
        var count = 0
        var next: LaneFactory? = try lanes(target)
        while let lanes = next, count < 10 {
            count += 1
            next = lanes.byNextAddress
        }
        #expect(try count == addresses(of: "localhost"))
    }

    @Test func `a target behind another address is not looked up`() throws {
        #expect(
            try lanes("https://name.invalid") { $0.connectTo = "127.0.0.1:8443" }.authority
                == "name.invalid:443")
    }
}
