extension Quantity {
    /// What a rate looks like, for messages.
    public static let rateForm = "a rate as in 200/s, 12000/m or 5/h"
    /// The highest rate, in events a second.
    public static let maximumRate = 1e7

    /// Events a second, from 0 to `maximumRate`: a number by a second, a minute or an hour.
    public static func perSecond(_ text: String) -> Double? {
        let parts = text.filter { $0 != " " }.split(separator: "/")
        guard parts.count == 2, let number = Self.number(parts[0]),
            let seconds = ["s": 1.0, "m": 60, "h": 3600][String(parts[1])]
        else { return nil }
        let perSecond = number / seconds
        return perSecond <= maximumRate ? perSecond : nil
    }

    /// A rate by the second, from 0.
    public static func text(perSecond number: Double) -> String {
        number == number.rounded() && number < 1e15 ? "\(Int(number))/s" : "\(number)/s"
    }
}
