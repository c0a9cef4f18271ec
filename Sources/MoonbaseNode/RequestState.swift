import Glibc

/// One request between libmicrohttpd's callbacks; touched by one thread at a time, since the
/// connection is suspended while the writer has it.
final class RequestState {
    var body: [UInt8] = []
    var isTooLarge = false
    var operation = "other"
    let startNanoseconds: UInt64
    let answer = Locked<Answer?>(nil)

    static let mostBodyBytes = 1 << 20

    init() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        startNanoseconds = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    var seconds: Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let end = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
        return Double(end - startNanoseconds) / 1e9
    }

    func take(_ bytes: UnsafeRawBufferPointer) {
        guard body.count + bytes.count <= Self.mostBodyBytes else {
            isTooLarge = true
            body = []
            return
        }
        if !isTooLarge { body.append(contentsOf: bytes) }
    }
}
