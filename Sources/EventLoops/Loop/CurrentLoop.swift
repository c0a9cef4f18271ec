import Glibc

/// Which loop the calling thread belongs to, in thread-local storage.
///
/// The address is the key's value: asking costs one call and no reference counting.
enum CurrentLoop {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        precondition(pthread_key_create(&key, nil) == 0, "no thread-local key is left")
        return key
    }()

    static func enter(_ loop: EventLoop) {
        pthread_setspecific(key, Unmanaged.passUnretained(loop).toOpaque())
    }

    @inline(__always)
    static func isCurrent(_ loop: EventLoop) -> Bool {
        pthread_getspecific(key) == Unmanaged.passUnretained(loop).toOpaque()
    }
}
