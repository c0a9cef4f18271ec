import Glibc
import Statistics

/// Maps values to places from 0 to 1 along an axis, and says where its ticks are.
struct ChartScale: Sendable, Equatable {
    /// How values are spaced.
    enum Kind: Sendable {
        case linear
        case logarithmic
    }

    let kind: Kind
    /// The value at place 0.
    let low: Double
    /// The value at place 1; above `low`.
    let high: Double

    /// A scale of exactly this range; a logarithmic one begins above 0.
    init(_ kind: Kind, from low: Double, to high: Double) {
        precondition(low < high && (kind == .linear || low > 0), "a scale from \(low) to \(high)")
        self.kind = kind
        self.low = low
        self.high = high
    }

    /// From 0 to a round value that is not below `most`; to 1 where that is 0, or so near to either
    /// end of `Double` that there is no round value beside it.
    static func linear(upTo most: Double) -> ChartScale {
        let most = (1e-300...1e300).contains(most) ? most : 1
        let step = roundStep(most / 5)
        return ChartScale(.linear, from: 0, to: (most / step).rounded(.up) * step)
    }

    /// From 0 to a round count of binary units, for sizes in bytes.
    static func bytes(upTo most: Double) -> ChartScale {
        var unit = 1.0
        while most >= unit * 1024, unit < 1e15 { unit *= 1024 }
        let scaled = linear(upTo: most / unit)
        return ChartScale(.linear, from: 0, to: scaled.high * unit)
    }

    /// From the round value at or below `low` to the one at or above `high`; both above 0.
    static func logarithmic(from low: Double, to high: Double) -> ChartScale {
        // No figure is beyond these; powers of ten beyond them leave the range of a `Double`.
        let low = low.isFinite && low > 0 ? min(max(low, 1e-30), 1e30) : 1
        let high = min(max(high.isFinite ? high : low, low), 1e31)
        let bottom = roundDown(low)
        var top = bottom
        while top < high { top = roundUp(top * 1.001) }
        return ChartScale(.logarithmic, from: bottom, to: top > bottom ? top : bottom * 10)
    }

    /// Where a value lies, 0 to 1; what lies outside is at the end that it is beyond.
    func position(_ value: Double) -> Double {
        guard value.isFinite else { return value > 0 ? 1 : 0 }
        switch kind {
        case .linear: return min(1, max(0, (value - low) / (high - low)))
        case .logarithmic:
            guard value > 0 else { return 0 }
            return min(1, max(0, log(value / low) / log(high / low)))
        }
    }

    /// The value at a place from 0 to 1.
    func value(at position: Double) -> Double {
        kind == .linear
            ? low + position * (high - low) : low * exp(position * log(high / low))
    }

    /// Round values within the scale, at most `count` of them where it has more than one decade.
    func ticks(atMost count: Int) -> [Double] {
        kind == .linear ? linearTicks(atMost: count) : logarithmicTicks(atMost: count)
    }

    /// Ticks of whole binary units, for sizes in bytes.
    func byteTicks(atMost count: Int) -> [Double] {
        var unit = 1.0
        while high >= unit * 1024, unit < 1e15 { unit *= 1024 }
        return ChartScale(.linear, from: low / unit, to: high / unit)
            .linearTicks(atMost: count).map { $0 * unit }
    }

    private func linearTicks(atMost count: Int) -> [Double] {
        let step = Self.roundStep((high - low) / Double(max(1, count - 1)))
        var ticks: [Double] = []
        var index = (low / step).rounded(.up)
        while index * step <= high * (1 + 1e-9), ticks.count < 50 {
            ticks.append(index * step)
            index += 1
        }
        return ticks
    }

    private func logarithmicTicks(atMost count: Int) -> [Double] {
        let bottom = Int(clamping: log10(low).rounded(.down))
        let top = Int(clamping: log10(high).rounded(.up))
        func inside(_ value: Double) -> Bool {
            value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)
        }
        let decades = (bottom...top).map { pow(10, Double($0)) }
        let fine = decades.flatMap { [$0, 2 * $0, 5 * $0] }.filter(inside)
        if fine.count <= count { return fine }
        let coarse = decades.filter(inside)
        let stride = max(1, (coarse.count + count - 1) / count)
        return coarse.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    }

    /// The smallest of 1, 2 and 5 times a power of ten that is not below `value`.
    static func roundStep(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return 1 }
        let power = pow(10, log10(value).rounded(.down))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= value * (1 - 1e-9) } ?? 10 * power
    }

    private static func roundUp(_ value: Double) -> Double { roundStep(value) }

    private static func roundDown(_ value: Double) -> Double {
        let power = pow(10, log10(value).rounded(.down))
        return [5, 2, 1].map { $0 * power }.first { $0 <= value * (1 + 1e-9) } ?? power
    }
}
