import EventLoops
import Glibc
import Measurements

/// Standard output and standard error.
enum Terminal {
    /// Whether standard output is a terminal that takes colour and a line that changes.
    static var isInteractive: Bool {
        isatty(1) == 1 && getenv("NO_COLOR") == nil
            && getenv("TERM").map { String(cString: $0) } != "dumb"
    }

    /// The terminal's width in columns; 80 where it does not say.
    static var columns: Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Text for a person; what controls a terminal in the words of others is shown as U+FFFD.
    static func write(_ text: String) { write(text.printable, to: 1) }

    /// Writes a report; one for people has its long lines broken between words on a terminal.
    static func show(_ report: String, isForPeople: Bool = true) {
        let isWrapped = isForPeople && isInteractive
        writeAsIs(isWrapped ? TextWrap.text(report, columns: columns) : report)
    }

    /// A report or a file, whose format has its own way with what controls a terminal; or a line
    /// that does control it.
    static func writeAsIs(_ text: String) { write(text, to: 1) }

    static func complain(_ text: String) { write("loadgen: \(text.printable)\n", to: 2) }

    /// A line on how it goes, beside the result on standard output.
    static func note(_ text: String) { write(text.printable, to: 2) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, -1)
                continue
            }
            guard count > 0 else {
                // One that reads no further has what it wanted; the evidence has it all.
                if errno != EPIPE, descriptor == 1 { loss.withLock { $0 = $0 ?? errno } }
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }

    /// The errno of what standard output did not take.
    private static let loss = Locked<Int32?>(nil)

    /// Why standard output is not whole, in words; `nil` if it is.
    static var lossWords: String? {
        loss.withLock { $0 }.map {
            SystemCallError(call: "write", number: $0, subject: "to standard output").description
        }
    }

    /// Gives a process that was started without them a standard input, output and error.
    ///
    /// Else the next files that it opens would be taken for them.
    static func openMissing() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this one.
            _ = open("/dev/null", O_RDWR)
        }
    }
}
