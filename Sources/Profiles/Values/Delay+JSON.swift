import JSON
import Quantities

extension Delay {
    /// The delay as the profile has it.
    var json: JSONValue {
        func text(_ duration: Duration) -> JSONValue { .string(Quantity.text(duration)) }
        return switch self {
        case .constant(let duration): text(duration)
        case .uniform(let from, let to):
            .object([.init("uniform", .array([text(from), text(to)]))])
        case .exponential(let mean): .object([.init("exponential", text(mean))])
        case .normal(let mean, let deviation):
            .object([.init("normal", text(mean)), .init("deviation", text(deviation))])
        }
    }
}
