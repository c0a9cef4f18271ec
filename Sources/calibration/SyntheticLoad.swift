import Measurements
import Statistics

/// Loads whose share of slow or failed requests is known in the long run.
///
/// The bound of a latency is 10 ms: the share of slow requests is that of latencies from there on.
enum SyntheticLoad {
    /// The bound in nanoseconds.
    static let bound = 10e6

    typealias Make = @Sendable (inout SeededRandom) -> [SyntheticRun.Request]

    // MARK: Latency

    /// Log-normal latencies of log-sd 0.5 around a level that changes from second to second.
    ///
    /// The level is an AR(1) process of `level` as its log-sd. `share` of the latencies reach the
    /// bound in the long run.
    static func wandering(
        seconds: Int, rate: Int, correlation: Double, level: Double, share: Double
    ) -> Make {
        let spread = (level * level + 0.25).squareRoot()
        let middle = Double.log(bound) - spread * NormalDistribution.quantile(1 - share)
        return { random in
            var load = random.nextNormal()
            var requests: [SyntheticRun.Request] = []
            requests.reserveCapacity(seconds * rate)
            for second in 0..<seconds {
                load =
                    correlation * load
                    + (1 - correlation * correlation).squareRoot() * random.nextNormal()
                for place in 0..<rate {
                    requests.append(
                        .init(
                            due: Double(second) + Double(place) / Double(rate),
                            latency: Double.exp(
                                middle + level * load + 0.5 * random.nextNormal())))
                }
            }
            return requests
        }
    }

    /// Sojourn times of a queue with one server, Poisson arrivals and exponential service, started
    /// in steady state; scaled so that `share` of them reach the bound in the long run.
    static func queue(seconds: Int, rate: Double, utilisation: Double, share: Double) -> Make {
        let service = rate / utilisation
        let scale = bound / (-Double.log(share) / (service - rate) * 1e9)
        return { random in
            var wait =
                random.nextUnit() < utilisation
                ? random.nextExponential() / (service - rate) : 0
            var due = random.nextExponential() / rate
            var requests: [SyntheticRun.Request] = []
            while due < Double(seconds) {
                let sojourn = wait + random.nextExponential() / service
                requests.append(.init(due: due, latency: sojourn * 1e9 * scale))
                let gap = random.nextExponential() / rate
                wait = max(0, sojourn - gap)
                due += gap
            }
            return requests
        }
    }

    /// A target that answers in about 1 ms, and now and then nothing for `stall` seconds, so that
    /// `share` of all requests reach the bound in the long run.
    static func stalls(seconds: Int, rate: Int, stall: Double, share: Double) -> Make {
        let every = stall / (share / (1 - 0.009 / stall))
        return { random in
            var end = random.nextUnit() < stall / every ? random.nextUnit() * stall : 0
            var next = end + random.nextExponential() * (every - stall)
            return (0..<seconds * rate).map { place in
                let due = Double(place) / Double(rate)
                while due >= next {
                    end = next + stall
                    next = end + random.nextExponential() * (every - stall)
                }
                let own = Double.exp(Double.log(1e6) + 0.3 * random.nextNormal())
                return .init(due: due, latency: own + max(0, end - due) * 1e9)
            }
        }
    }

    /// Latencies of log-sd 0.3 around `usual` ns, and `times` as long in the last part of the run.
    static func doubling(
        seconds: Int, rate: Int, usual: Double, times: Double, from part: Double
    ) -> Make {
        { random in
            (0..<seconds * rate).map { place in
                let due = Double(place) / Double(rate)
                let level = due >= part * Double(seconds) ? usual * times : usual
                return .init(
                    due: due, latency: Double.exp(Double.log(level) + 0.3 * random.nextNormal()))
            }
        }
    }

    /// All requests that are due in these seconds take 50 ms, the others about 1 ms.
    static func slow(seconds: Int, rate: Int, in slow: Range<Int>) -> Make {
        { random in
            (0..<seconds * rate).map { place in
                let due = Double(place) / Double(rate)
                let isSlow = slow.contains(Int(due))
                return .init(
                    due: due,
                    latency: isSlow
                        ? 50e6 : Double.exp(Double.log(1e6) + 0.3 * random.nextNormal()))
            }
        }
    }

    // MARK: Failures

    /// Independent failures.
    static func failures(seconds: Int, rate: Int, share: Double) -> Make {
        bursts(seconds: seconds, rate: rate, size: 1, share: share)
    }

    /// Failures in bursts of neighbouring requests, at random times.
    static func bursts(seconds: Int, rate: Int, size: Int, share: Double) -> Make {
        { random in
            var requests = healthy(seconds: seconds, rate: rate)
            let gap = Double(size) / share
            var start = (random.nextExponential() - 0.5 * Double(size) / gap) * gap
            while start < Double(requests.count) {
                for place in Int(start)..<Int(start) + size where requests.indices.contains(place) {
                    requests[place].outcome = .wrongStatus
                }
                start += Double(size) + random.nextExponential() * (gap - Double(size))
            }
            return requests
        }
    }

    /// Time in which `within` of the requests fail comes and goes: stretches of `on` seconds, and
    /// of `off` seconds without failures, both exponential if they are `random`.
    static func onOff(
        seconds: Int, rate: Int, on: Double, off: Double, within: Double, isRandom: Bool = true
    ) -> Make {
        { random in
            var requests = healthy(seconds: seconds, rate: rate)
            var isOn = random.nextUnit() < on / (on + off)
            var time = 0.0
            var isFirst = true
            while time < Double(seconds) {
                var length = isOn ? on : off
                if isRandom {
                    length *= random.nextExponential()
                } else if isFirst {
                    length *= random.nextUnit()
                }
                isFirst = false
                let end = min(Double(seconds), time + length)
                if isOn {
                    for place in Int(time * Double(rate))..<Int(end * Double(rate))
                    where random.nextUnit() < within { requests[place].outcome = .wrongStatus }
                }
                time += length
                isOn.toggle()
            }
            return requests
        }
    }

    /// A target that fails from `start` until `end`, in seconds: `within` of the requests.
    static func outage(
        seconds: Int, rate: Int, from start: Double, to end: Double, within: Double = 1,
        outcome: Outcome = .refused
    ) -> Make {
        { random in
            var requests = healthy(seconds: seconds, rate: rate)
            for place in requests.indices where requests[place].due >= start {
                guard requests[place].due < end else { break }
                if within >= 1 || random.nextUnit() < within { requests[place].outcome = outcome }
            }
            return requests
        }
    }

    private static func healthy(seconds: Int, rate: Int) -> [SyntheticRun.Request] {
        (0..<seconds * rate).map { .init(due: Double($0) / Double(rate), latency: 1e6) }
    }
}
