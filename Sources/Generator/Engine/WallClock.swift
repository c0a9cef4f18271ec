import Glibc
import Requests

/// The time of day, for values that requests carry; never for a measurement.
enum WallClock {
    /// Seconds since 1970, and nanoseconds of the present second.
    static var now: (seconds: UInt64, nanoseconds: UInt64) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return (UInt64(time.tv_sec), UInt64(time.tv_nsec))
    }

    /// Appends the time as 2026-01-31T12:00:00.000Z; `isEncoded` where a colon cannot stand.
    static func appendISO(to output: inout [UInt8], isEncoded: Bool) {
        let (seconds, nanoseconds) = now
        append(seconds: seconds, milliseconds: nanoseconds / 1_000_000, isEncoded, to: &output)
    }

    /// Appends a time of the years 1970 to 9999.
    ///
    /// - Source: Howard Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
    static func append(
        seconds: UInt64, milliseconds: UInt64, _ isEncoded: Bool, to output: inout [UInt8]
    ) {
        let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        // Years begin in March here, so that the day that comes and goes is the last.
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func append(_ mark: UInt8, _ number: UInt64) {
            if isEncoded, mark == UInt8(ascii: ":") {
                output.append(contentsOf: "%3A".utf8)
            } else {
                output.append(mark)
            }
            output.appendDecimal(number, width: 2)
        }
        output.appendDecimal(year, width: 4)
        append(UInt8(ascii: "-"), month)
        append(UInt8(ascii: "-"), day)
        append(UInt8(ascii: "T"), second / 3600)
        append(UInt8(ascii: ":"), second / 60 % 60)
        append(UInt8(ascii: ":"), second % 60)
        output.append(UInt8(ascii: "."))
        output.appendDecimal(milliseconds, width: 3)
        output.append(UInt8(ascii: "Z"))
    }
}
