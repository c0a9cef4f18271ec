/// The expected arrivals of one rate, in rounds with none between them.
struct RoundsIntensity: Intensity {
    let total: Double
    private let perSecond: Double
    private let perRound: Double
    private let roundSeconds: Double

    init(rate: Rate, rounds: Rounds, duration: Duration) {
        perSecond = rate.perSecond
        perRound = rate.perSecond * rounds.load.inSeconds
        roundSeconds = Double(rounds.lengthNanoseconds) / 1e9
        total = perRound * Double(rounds.count(in: duration))
    }

    func secondsAt(_ count: Double) -> Double {
        // Arrivals are due before the end of their round's load: the last place of a round is the
        // first of the next.
        // A quotient just below a whole number is one that was rounded.
        let round = (count / perRound + 1e-9).rounded(.down)
        return round * roundSeconds + max(0, count - round * perRound) / perSecond
    }
}
