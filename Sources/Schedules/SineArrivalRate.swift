import Glibc
import Profiles

/// A rate that swings around a mean: mean + amplitude sin(2 pi t / period).
struct SineArrivalRate: Intensity {
    let total: Double
    private let mean: Double
    private let amplitude: Double
    private let frequency: Double
    private let seconds: Double

    init(_ sine: Sine, seconds: Double) {
        mean = sine.mean.perSecond
        amplitude = sine.amplitude.perSecond
        frequency = 2 * Double.pi / sine.period.inSeconds
        self.seconds = seconds
        total = Self.count(at: seconds, mean, amplitude, frequency)
    }

    /// The integral of the rate up to a time.
    private static func count(
        at time: Double, _ mean: Double, _ amplitude: Double, _ frequency: Double
    ) -> Double {
        // 1 - cos x = 2 sin²(x/2) keeps its digits near 0.
        let half = sin(frequency * time / 2)
        return mean * time + amplitude / frequency * 2 * half * half
    }

    func secondsAt(_ count: Double) -> Double {
        // The integral rises, and lies within one swing of the straight line: so does the root.
        var low = max(0, (count - 2 * amplitude / frequency) / mean)
        var high = min(seconds, count / mean)
        // 60 halvings take any phase below a nanosecond.
        for _ in 0..<60 where high - low > 1e-10 {
            let middle = low + (high - low) / 2
            if Self.count(at: middle, mean, amplitude, frequency) < count {
                low = middle
            } else {
                high = middle
            }
        }
        return high
    }
}
