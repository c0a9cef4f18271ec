import CCurl
import CLinux
import EventLoops
import Glibc

/// One descriptor that curl wants watched, or had watched.
///
/// curl gives up its interest at the end of each transfer and takes it again with the next. The
/// watch stays in between, which saves two system calls a request; it goes when something comes on
/// a socket that curl does not listen to. On HTTP/1.1 that is nothing that anybody asked for, and
/// the connection is not used again. Confined to its loop.
final class CurlSocket: EventHandler {
    let descriptor: Int32
    /// Whether curl closes it through us, and so keeps its number for as long as we do.
    let isOwn: Bool
    private unowned let multi: CurlMulti
    private var wanted: Interests = []
    /// What the loop watches it for; `nil` if it does not.
    private var watched: Interests?

    init(_ descriptor: Int32, of multi: CurlMulti, isOwn: Bool) {
        self.descriptor = descriptor
        self.multi = multi
        self.isOwn = isOwn
    }

    /// curl waits for this.
    func want(_ interests: Interests) {
        wanted = interests
        guard watched != interests else { return }
        if watched != nil {
            multi.loop.change(descriptor, to: interests)
        } else {
            // Without a watch its transfer becomes a timeout, which is the right word for it.
            guard (try? multi.loop.watch(descriptor, for: interests, handler: self)) != nil else {
                return
            }
        }
        watched = interests
    }

    /// curl waits for nothing at present.
    func rest() {
        wanted = []
        // Room to write is there all the time, and would wake the loop all the time.
        if let watched, watched.contains(.write) {
            multi.loop.change(descriptor, to: .read)
            self.watched = .read
        }
    }

    /// Ends the watch.
    func forget() {
        guard watched != nil else { return }
        watched = nil
        multi.loop.forget(descriptor)
    }

    /// Whether the peer has sent something that was not read, or its end.
    var hasUnread: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) >= 0 || errno != EAGAIN
    }

    /// Ends the connection, which curl then finds dead and closes before it would use it again.
    func end() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        // With TLS, curl takes any byte that is there to be read for a sign of life.
        for _ in 0..<Self.maximumDrains {
            guard recv(descriptor, nil, Self.drainBytes, Int32(MSG_TRUNC)) > 0 else {
                break
            }
        }
        forget()
    }

    private static let maximumDrains = 64
    private static let drainBytes = 1 << 20

    func handle(_ readiness: Readiness) {
        // Frames of HTTP/2 belong to streams or to the connection, so they may come at any time.
        guard !wanted.isEmpty else { return multi.isMultiplexed ? forget() : end() }
        var mask: Int32 = 0
        if readiness.isReadable { mask |= CURL_CSELECT_IN }
        if readiness.isWritable { mask |= CURL_CSELECT_OUT }
        multi.act(descriptor, mask)
    }
}
