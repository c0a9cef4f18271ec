import Quantities

extension Quantity {
    /// A rate, from 0.
    static func rate(_ text: String) -> Rate? { perSecond(text).map(Rate.init(perSecond:)) }

    static func text(_ rate: Rate) -> String { text(perSecond: rate.perSecond) }
}
