import EventLoops
import Glibc

/// How near the node is to its limits: read once a second, asked about at every write.
final class Pressure: Sendable {
    /// What has a limit.
    enum Resource: String, CaseIterable, Sendable { case memory, jobs, disk }

    struct State: Sendable {
        var trends: [Resource: Exhaustion] = [:]
        var values: [Resource: Double] = [:]
        var refusal: String?
    }

    private let state = Locked(State())
    private let clock: MonotonicClock
    private let limits: Locked<[Resource: Double]>

    /// Above this share of a limit the node is not ready; above the second it takes no more writes.
    static let readyShare = 0.8
    static let writeShare = 0.9
    /// What memory may grow to where nobody says otherwise.
    private static let memoryBytes = 2.0 * 1024 * 1024 * 1024

    init(clock: MonotonicClock) {
        self.clock = clock
        limits = Locked([.memory: Self.memoryBytes])
    }

    /// Sets a limit: bytes of memory, jobs that are live, bytes of disk.
    func limit(_ resource: Resource, to value: Double) {
        limits.withLock { $0[resource] = value }
    }

    /// Takes readings, in the limits' units.
    func update(_ values: [Resource: Double]) {
        let seconds = Double(clock.nowNanoseconds) / 1e9
        let limits = limits.withLock { $0 }
        state.withLock { state in
            state.values = values
            state.refusal = nil
            for (resource, value) in values {
                state.trends[resource, default: Exhaustion()].add(value, at: seconds)
                guard let limit = limits[resource], value > limit * Self.writeShare else {
                    continue
                }
                state.refusal = "\(resource.rawValue) is nearly exhausted"
            }
        }
    }

    /// Why no write is taken now; `nil` if writes are.
    var refusal: String? { state.withLock { $0.refusal } }

    /// The resources that are above the share at which the node is not ready.
    var reasons: [String] {
        let limits = limits.withLock { $0 }
        return state.withLock { state in
            Resource.allCases.compactMap { resource in
                guard let value = state.values[resource], let limit = limits[resource],
                    value > limit * Self.readyShare
                else { return nil }
                return "\(resource.rawValue) is at \(Int(value / limit * 100)) % of its limit"
            }
        }
    }

    /// Seconds until each resource is exhausted, by its trend.
    var secondsLeft: [(Resource, Double)] {
        let limits = limits.withLock { $0 }
        return state.withLock { state in
            Resource.allCases.compactMap { resource in
                guard let trend = state.trends[resource], let limit = limits[resource] else {
                    return nil
                }
                return (resource, trend.secondsLeft(until: limit))
            }
        }
    }
}

/// The room on a disk, in bytes.
enum DiskSpace {
    /// Bytes that are used and bytes in all, of the file system that holds `path`; `nil` if the
    /// system does not say.
    static func of(_ path: String) -> (used: Double, total: Double)? {
        var status = statvfs()
        guard statvfs(path, &status) == 0, status.f_blocks > 0 else { return nil }
        let size = Double(status.f_frsize)
        return (Double(status.f_blocks - status.f_bavail) * size, Double(status.f_blocks) * size)
    }
}
