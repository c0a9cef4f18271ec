import Quantities
import YAML

extension ProfileDecoder {
    static let modelKeys = [
        "rate", "from", "to", "steps", "spike", "sine", "replay", "users", "iterations",
        "iterations per user", "as fast as possible", "arrivals",
    ]
    /// The keys that say which model it is.
    private static let modelWords = [
        "rate", "from", "to", "steps", "spike", "sine", "replay", "users", "as fast as possible",
    ]

    mutating func model(_ entry: YAMLNode.Entry, duration: Duration?) -> LoadModel? {
        let node = entry.value
        let given = Self.modelWords.filter { node[$0] != nil }
        checkIterations(node, given)
        if given == ["users"] || given == ["as fast as possible"] || given == ["replay"],
            let arrivals = node["arrivals"]
        {
            problems.add(
                arrivals.position,
                "arrivals are of the open model; users send after the answer, and a recording "
                    + "has its own")
        }
        let arrivals: Arrivals = choice(node["arrivals"], "kind of arrivals") ?? .constant
        switch given {
        case ["rate"]: return positiveRate(node["rate"]).map { .constantArrivalRate($0, arrivals) }
        case ["from", "to"]: return ramp(entry, arrivals)
        case ["steps"]: return nil
        case ["spike"]: return spike(node["spike"], within: duration).map { .spike($0, arrivals) }
        case ["sine"]: return sine(node["sine"]).map { .sine($0, arrivals) }
        case ["replay"]: return replay(node["replay"]).map { .replay($0) }
        case ["users"]: return users(node)
        case ["as fast as possible"]:
            return userCount(node["as fast as possible"]).map { .asFastAsPossible(users: $0) }
        default:
            problems.add(
                entry.position,
                "the phase \"\(entry.key)\" needs one model: rate, or from and to, or steps, "
                    + "spike, sine, replay, users, or as fast as possible; it has "
                    + (given.isEmpty ? "none of them" : given.joined(separator: ", ")))
            return nil
        }
    }

    private mutating func checkIterations(_ node: YAMLNode, _ given: [String]) {
        for key in ["iterations", "iterations per user"] {
            guard let value = node[key], given != ["users"] else { continue }
            problems.add(value.position, "\(key) go with users: a number")
        }
    }

    // MARK: Open models

    private mutating func positiveRate(_ node: YAMLNode?) -> Rate? {
        value(node, "\(Quantity.rateForm), above 0") { text in
            Quantity.rate(text).flatMap { $0.perSecond > 0 ? $0 : nil }
        }
    }

    private mutating func ramp(_ entry: YAMLNode.Entry, _ arrivals: Arrivals) -> LoadModel? {
        let from = value(entry.value["from"], Quantity.rateForm, Quantity.rate)
        let to = value(entry.value["to"], Quantity.rateForm, Quantity.rate)
        guard let from, let to else { return nil }
        if from.perSecond == 0, to.perSecond == 0 {
            problems.add(entry.position, "the phase \"\(entry.key)\" rises from 0 to 0")
        }
        return .rampingArrivalRate(from: from, to: to, arrivals)
    }

    private mutating func spike(_ node: YAMLNode?, within duration: Duration?) -> Spike? {
        guard let node else { return nil }
        let keys = ["base", "peak", "at", "rise", "hold", "fall"]
        check(node, "a spike", keys: keys)
        for key in ["base", "peak", "hold"] where node[key] == nil {
            problems.add(node.position, "a spike needs \(key)")
        }
        let base = value(node["base"], Quantity.rateForm, Quantity.rate)
        let peak = positiveRate(node["peak"])
        let rise = self.duration(node["rise"]) ?? .zero
        let hold = self.duration(node["hold"])
        let fall = self.duration(node["fall"]) ?? .zero
        let begin = durationOrZero(node["at"])
        guard let base, let peak, let hold, let duration else { return nil }
        let length = rise + hold + fall
        guard length + (begin ?? .zero) <= duration else {
            problems.add(
                node.position,
                "the spike ends \(Quantity.text(length + (begin ?? .zero))) after the phase "
                    + "began, which lasts \(Quantity.text(duration))")
            return nil
        }
        return Spike(
            base: base, peak: peak, begin: begin ?? (duration - length) / 2, rise: rise,
            hold: hold, fall: fall)
    }

    private mutating func sine(_ node: YAMLNode?) -> Sine? {
        guard let node else { return nil }
        check(node, "a sine", keys: ["mean", "amplitude", "period"])
        for key in ["mean", "amplitude", "period"] where node[key] == nil {
            problems.add(node.position, "a sine needs \(key)")
        }
        let mean = positiveRate(node["mean"])
        let amplitude = positiveRate(node["amplitude"])
        guard let mean, let amplitude, let period = duration(node["period"]) else { return nil }
        guard amplitude <= mean else {
            problems.add(
                node.position,
                "the amplitude \(Quantity.text(amplitude)) is above the mean "
                    + "\(Quantity.text(mean)), and a rate cannot be below 0")
            return nil
        }
        return Sine(mean: mean, amplitude: amplitude, period: period)
    }

    private mutating func replay(_ node: YAMLNode?) -> Replay? {
        guard let node else { return nil }
        if let path = node.text { return Replay(path: path, speed: 1) }
        check(node, "a replay", keys: ["file", "speed"])
        let speed = number(
            node["speed"], Double.self, "a number above 0, at most 1000",
            where: { $0 > 0 && $0 <= 1000 })
        guard let path = text(node["file"]) else {
            problems.add(node.position, "a replay needs file: a file of offsets or a run's folder")
            return nil
        }
        return Replay(path: path, speed: speed ?? 1)
    }

    // MARK: Closed models

    private mutating func userCount(_ node: YAMLNode?) -> Int? {
        number(
            node, Int.self, "a whole number from 1 to 100000", where: { (1...100_000).contains($0) }
        )
    }

    private mutating func users(_ node: YAMLNode) -> LoadModel? {
        guard let value = node["users"] else { return nil }
        let form = "a whole number from 1 to 1000000000"
        let shared = number(
            node["iterations"], Int.self, form, where: { (1...1_000_000_000).contains($0) })
        let each = number(
            node["iterations per user"], Int.self, form,
            where: { (1...1_000_000_000).contains($0) })
        if value.entries != nil {
            check(value, "users", keys: ["from", "to"])
            let count = { (text: String) in
                Int(text).flatMap { (0...100_000).contains($0) ? $0 : nil }
            }
            let form = "a whole number from 0 to 100000"
            let (from, to) = (
                self.value(value["from"], form, count), self.value(value["to"], form, count)
            )
            guard let from, let to, max(from, to) > 0 else {
                problems.add(value.position, "users: { from: 1, to: 64 } needs both, one above 0")
                return nil
            }
            if shared != nil || each != nil {
                problems.add(value.position, "iterations go with users: a number")
            }
            return .rampingUsers(from: from, to: to)
        }
        guard let users = userCount(value) else { return nil }
        switch (shared, each) {
        case (nil, nil): return .constantUsers(users)
        case (let shared?, nil): return .sharedIterations(users: users, iterations: shared)
        case (nil, let each?): return .perUserIterations(users: users, iterations: each)
        default:
            problems.add(value.position, "iterations are shared or per user, not both")
            return nil
        }
    }
}
