import Glibc

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

    static func write(_ text: String) { write(text, to: 1) }

    static func complain(_ text: String) { write("loadgen: \(text)\n", to: 2) }

    /// A line on how it goes, beside the result on standard output.
    static func note(_ text: String) { write(text, to: 2) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }  // Nobody reads any more; the evidence has it all.
            bytes = bytes.dropFirst(count)
        }
    }
}
