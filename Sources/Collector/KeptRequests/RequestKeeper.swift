import Statistics

/// Chooses which requests of one loop are kept whole: the first few of each kind, a uniform sample
/// of all others, and the last of each kind where that is asked for.
///
/// What is chosen is handed out at the next `take`, so that little is lost with the process; a
/// later one of the same slot replaces it. A sample of k of n requests hands out k (1 + ln(n / k))
/// on average: 15,000 of a thousand million.
///
/// - Source: Vitter 1985, "Random sampling with a reservoir", algorithm R.
struct RequestKeeper {
    /// How many of each kind are kept as they come.
    static let firstOnes = 8
    /// The most others that are kept.
    static let sampleSize = 1000

    /// The last of a kind.
    private struct Last {
        var request: KeptRequest
        var number: Int
        /// The slot of the sample that it was given; `nil` if it was not sampled.
        var sampleSlot: Int?
        var isHandedOut = false
    }

    private let thread: Int
    private let keepsLast: Bool
    private var random: SeededRandom
    /// Requests so far.
    private var number = 0
    /// Requests so far beyond the first ones.
    private var others = 0
    /// Requests so far, by kind.
    private var seen: [Int] = []
    private var lasts: [Last?] = []
    /// The number of the request in each slot of the sample.
    private var sample: [Int] = []
    /// What the next `take` hands out.
    private var pending: [KeptRequest] = []
    /// Where in `pending` a slot of the sample is.
    private var pendingSlots: [Int: Int] = [:]

    /// A keeper for the requests of a generator thread.
    init(thread: Int, seed: UInt64, keepsLast: Bool) {
        self.thread = thread
        self.keepsLast = keepsLast
        random = SeededRandom(seed: seed &+ UInt64(thread) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// Takes one more request; `request` is called if it is kept.
    mutating func offer(kind: Int, _ request: () -> KeptRequest) {
        while seen.count <= kind {
            seen.append(0)
            lasts.append(nil)
        }
        seen[kind] += 1
        number += 1
        if seen[kind] <= Self.firstOnes { return pending.append(request()) }
        others += 1
        let slot =
            others <= Self.sampleSize ? others - 1 : Int.random(in: 0..<others, using: &random)
        let isSampled = slot < Self.sampleSize
        guard isSampled || keepsLast else { return }
        let kept = request()
        if isSampled { put(kept, slot) }
        guard keepsLast else { return }
        lasts[kind] = Last(request: kept, number: number, sampleSlot: isSampled ? slot : nil)
    }

    private mutating func put(_ request: KeptRequest, _ slot: Int) {
        if slot == sample.count { sample.append(number) } else { sample[slot] = number }
        var request = request
        request.slot = "sample \(thread)/\(slot)"
        if let index = pendingSlots[slot] {
            pending[index] = request
        } else {
            pendingSlots[slot] = pending.count
            pending.append(request)
        }
    }

    /// What was chosen since the last call.
    ///
    /// - Parameter withLast: whether the last of each kind are handed out, too.
    mutating func take(withLast: Bool) -> [KeptRequest] {
        if withLast { addLasts() }
        let taken = pending
        pending = []
        pendingSlots = [:]
        return taken
    }

    private mutating func addLasts() {
        for kind in lasts.indices {
            guard let last = lasts[kind], !last.isHandedOut else { continue }
            // One that is still in the sample is there already.
            if let slot = last.sampleSlot, sample[slot] == last.number { continue }
            var request = last.request
            request.slot = "last \(thread)/\(kind)"
            pending.append(request)
            lasts[kind]?.isHandedOut = true
        }
    }
}
