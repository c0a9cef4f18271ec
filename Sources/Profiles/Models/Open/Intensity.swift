/// The expected number of arrivals since the start of a phase, and its inverse.
///
/// An arrival is due where the intensity reaches its count (even spacing) or its sum of unit
/// exponential gaps (Poisson, by time change), so one inverse serves both at any rate.
public protocol Intensity: Sendable {
    /// The expected number of arrivals in the phase.
    var total: Double { get }

    /// When the intensity reaches `count`, in seconds from the phase's start; `count` in 0...total.
    func secondsAt(_ count: Double) -> Double
}
