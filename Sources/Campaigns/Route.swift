import EventLoops
import HTTPTransport
import Profiles

/// Where connections go, and from where, by the target and the profile's network section.
struct Route {
    let url: TargetURL
    let network: Network

    /// Looks up where to connect, and refuses a host that is neither loopback nor allowed.
    ///
    /// - Throws: `CampaignError` with the key, its value and what is allowed.
    func endpoint() throws(CampaignError) -> Endpoint {
        let authority = "\(url.host):\(url.port)"
        if let path = network.connectTo, path.hasPrefix("unix:") {
            do {
                return try Endpoint(
                    unixPath: String(path.dropFirst("unix:".count)), authority: authority)
            } catch {
                throw Self.error([
                    "network.connect to: \"\(path)\" is no socket; write unix:/PATH of at most "
                        + "107 bytes"
                ])
            }
        }
        let (host, port) = try place()
        let sources = try sources()
        let endpoint: Endpoint
        do {
            endpoint = try Endpoint(
                host: host, port: port, authority: authority, sources: sources)
        } catch {
            throw CampaignError(
                .usage, "the target's host \"\(host)\" has no address",
                hint: "check its spelling, or use an address")
        }
        guard endpoint.isLoopback || network.allows(host) else {
            throw CampaignError(
                .usage,
                "the target \(host) is not this machine, and load goes there only if allowed",
                hint: "if it is yours to load, add --allow-host \(host), or name it in the "
                    + "profile's network.allow hosts")
        }
        return endpoint
    }

    /// The TLS of the event loops' lane; absent where the target speaks clear text.
    ///
    /// - Throws: `CampaignError` with everything that cannot work, and what to do about each.
    func tls() throws(CampaignError) -> TLSContext? {
        guard url.isSecure else { return nil }
        do { return try TLSContext(network.tls, host: url.host) } catch {
            throw Self.error(error.problems.map(\.description))
        }
    }

    private func place() throws(CampaignError) -> (host: String, port: Int) {
        guard let connectTo = network.connectTo else { return (url.host, url.port) }
        do {
            let there = try TargetURL("http://\(connectTo)")
            return (there.host, there.port)
        } catch {
            throw Self.error([
                "network.connect to: \"\(connectTo)\" is no HOST:PORT; write it as in "
                    + "127.0.0.1:8443, or unix:/PATH"
            ])
        }
    }

    private func sources() throws(CampaignError) -> SourceAddresses {
        do { return try SourceAddresses(network.sourceAddresses) } catch {
            throw Self.error([
                "network.source addresses: \"\(error.subject)\" is no address; write ADDRESS or "
                    + "FIRST-LAST, as in 127.0.0.1-127.0.0.8, of at most \(SourceAddresses.most)"
            ])
        }
    }

    /// An error of the network section, every problem a line.
    static func error(_ problems: [String]) -> CampaignError {
        CampaignError(
            .usage, problems.joined(separator: "\n"),
            hint: "docs/profiles.md describes the network section")
    }
}
