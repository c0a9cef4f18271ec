/// What a proxy does with the connections through it.
struct ProxyConduct: Equatable {
    /// What becomes of the bytes of one way.
    enum Passage { case open, held, swallowed }

    /// Whether nobody listens.
    var refuses = false
    /// Whether a connection is reset as soon as something is sent on it.
    var resets = false
    var toTarget = Passage.open
    var fromTarget = Passage.open
    /// How long each piece is held back, and how much more at most, in nanoseconds.
    var delayNanoseconds: UInt64 = 0
    var jitterNanoseconds: UInt64 = 0
    var delaysToTarget = true
    var delaysFromTarget = true
    /// Bytes a second of answers, on each connection; `nil` for all there are.
    var bytesPerSecond: Int?
    /// Whether answers go on byte by byte.
    var drips = false
    /// The share of the pieces of answers in which a byte is changed.
    var corruptShare = 0.0
    /// An answer's bytes until its connection is closed; `nil` for all there are.
    var truncatedAt: Int?
}

/// What a proxy has done, counted since it was made.
struct ProxyCounters: Equatable {
    var connections = 0
    var resets = 0
    var swallowedBytes = 0
    var corruptBytes = 0
    var truncations = 0
    var delayedPieces = 0
    var halfOpen = 0
}
