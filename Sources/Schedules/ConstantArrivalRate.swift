import Profiles

/// Arrivals at one rate.
struct ConstantArrivalRate: Intensity {
    let total: Double
    private let perSecond: Double

    init(rate: Rate, seconds: Double) {
        perSecond = rate.perSecond
        total = perSecond * seconds
    }

    func secondsAt(_ count: Double) -> Double { count / perSecond }
}
