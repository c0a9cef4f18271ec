/// The date of an Expires attribute.
enum HTTPDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// Seconds since 1970 of a date such as `Wed, 21 Oct 2015 07:28:00 GMT`; 0 before that; `nil`
    /// if there is none.
    ///
    /// - Source: RFC 6265, section 5.1.1: day, month, year and time in any order and form.
    static func seconds(_ text: String) -> UInt64? {
        var (day, month, year, time): (Int?, Int?, Int?, Int?)
        for token in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != ":" }) {
            if time == nil, token.contains(":") {
                let parts = token.split(separator: ":").map { Int($0) }
                guard parts.count == 3, let hours = parts[0], let minutes = parts[1],
                    let seconds = parts[2], hours < 24, minutes < 60, seconds < 60
                else { return nil }
                time = hours * 3600 + minutes * 60 + seconds
            } else if day == nil, token.count <= 2, let number = Int(token) {
                day = number
            } else if month == nil, let index = months.firstIndex(of: token.prefix(3).lowercased())
            {
                month = index + 1
            } else if year == nil, let number = Int(token) {
                year = number < 70 ? number + 2000 : number < 100 ? number + 1900 : number
            }
        }
        guard let day, let month, let year, let time, (1...31).contains(day),
            (1601...9999).contains(year)
        else { return nil }
        return UInt64(max(0, days(year: year, month: month, day: day) * 86_400 + time))
    }

    /// Days since 1970.
    ///
    /// - Source: Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
