extension ProcessReading {
    /// 8 PiB; up to here every whole number is exact as a `Double`, too.
    public static let maximumBytes = NumberCheck.maximumBytes
    /// More than any system gives out.
    static let maximumCount = 1 << 32
    /// Some 30,000 years.
    static let maximumSeconds = NumberCheck.maximumSeconds

    /// Leaves out what no process can have, so that sums and differences of readings can neither
    /// overflow nor lose digits: a target says what it likes of itself.
    public mutating func dropImpossible() {
        for path in Self.sizes where self[keyPath: path] ?? 0 > Self.maximumBytes {
            self[keyPath: path] = nil
        }
        for path in Self.counts + [\.processes] {
            guard let count = self[keyPath: path], !(0...Self.maximumCount).contains(count) else {
                continue
            }
            self[keyPath: path] = nil
        }
        for path in [\ProcessReading.cpuSeconds, \.startSeconds] {
            guard let seconds = self[keyPath: path], !(0...Self.maximumSeconds).contains(seconds)
            else { continue }
            self[keyPath: path] = nil
        }
    }
}
