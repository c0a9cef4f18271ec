import Glibc

/// Writes answers as HTTP/1.1, with the Date that every answer of one second shares.
struct AnswerEncoder {
    private var dateSecond = -1
    private var date: [UInt8] = []
    private var pong: [UInt8] = []

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    init() { keepDate() }

    /// Takes over the present second; called often enough, at least once a second.
    mutating func keepDate() {
        var now = time(nil)
        guard now != dateSecond else { return }
        dateSecond = now
        var parts = tm()
        gmtime_r(&now, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let text =
            "\(Self.days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) "
            + "\(Self.months[Int(parts.tm_mon)]) \(1900 + parts.tm_year) \(two(parts.tm_hour)):"
            + "\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
        date = Array("\r\nDate: \(text)".utf8)
        pong = []
        encode(.text("pong"), isHead: false, closes: false, into: &pong)
    }

    /// The whole answer to a ping that keeps its connection.
    func encodePong(into output: inout [UInt8]) { output.append(contentsOf: pong) }

    func encode(_ answer: Answer, isHead: Bool, closes: Bool, into output: inout [UInt8]) {
        output += Self.statusLine(answer.status)
        output += "\r\nContent-Type: ".utf8
        output += answer.contentType.utf8
        output += "\r\nContent-Length: ".utf8
        output += String(answer.body.count).utf8
        output += date
        if let allow = answer.allow { output += "\r\nAllow: \(allow)".utf8 }
        if let seconds = answer.retryAfterSeconds { output += "\r\nRetry-After: \(seconds)".utf8 }
        if let job = answer.job { output += "\r\nMoonbase-Job: \(job)".utf8 }
        if closes { output += "\r\nConnection: close".utf8 }
        output += "\r\n\r\n".utf8
        if !isHead { output += answer.body }
    }

    private static let okLine = Array("HTTP/1.1 200 OK".utf8)

    private static func statusLine(_ status: Int) -> [UInt8] {
        status == 200 ? okLine : Array("HTTP/1.1 \(status) \(ReasonPhrase.of(status))".utf8)
    }
}
