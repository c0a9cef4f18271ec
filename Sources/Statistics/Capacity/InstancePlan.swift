/// How many instances a load needs, if throughput grows with their number.
public struct InstancePlan: Sendable, Equatable {
    /// How many carry the load.
    public let needed: Int
    /// How many in all, with spares.
    public let total: Int

    /// Plans instances.
    ///
    /// - Parameters:
    ///   - target: requests a second to carry.
    ///   - perInstance: the confirmed rate of one, above 0.
    ///   - peakFactor: by how much peaks exceed the target.
    ///   - utilisation: how much of an instance is used, above 0 up to 1.
    ///   - spare: how many may be lost.
    public init(
        target: Double, perInstance: Double, peakFactor: Double = 1.3, utilisation: Double = 0.7,
        spare: Int = 1
    ) {
        precondition(target >= 0 && peakFactor > 0 && spare >= 0, "\(target), \(peakFactor)")
        precondition(perInstance > 0 && utilisation > 0 && utilisation <= 1, "\(perInstance)")
        let quotient = target * peakFactor / (perInstance * utilisation)
        // 900 * 1 / (1000 * 0.9) is 1 and must not become 2 by rounding: figures of people have few
        // digits, so what is whole to 12 digits is whole.
        let nearest = quotient.rounded()
        let isWhole = (quotient - nearest).magnitude <= 1e-12 * max(1, nearest)
        // A rate that was read from a file can be so low that no number of instances would do.
        needed = Int(clamping: min(1e15, isWhole ? nearest : quotient.rounded(.up)))
        total = needed + spare
    }

    /// Instances in each of `zones` (at least 2) so that `needed` are left when one zone is lost.
    public static func zones(_ zones: Int, needed: Int) -> (perZone: Int, total: Int) {
        precondition(zones >= 2 && needed >= 0, "\(zones), \(needed)")
        let perZone = (needed + zones - 2) / (zones - 1)
        return (perZone, perZone * zones)
    }
}
