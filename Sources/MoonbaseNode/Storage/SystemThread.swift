import CLinux
import Glibc

/// A thread for work that blocks, as storage does.
enum SystemThread {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Starts a thread; it ends when `run` returns.
    ///
    /// - Throws: `NodeError` where the system gives none.
    static func start(
        _ name: String, _ run: @escaping @Sendable () -> Void
    ) throws(NodeError) {
        let argument = Unmanaged.passRetained(Body(name: name, run: run)).toOpaque()
        var thread = pthread_t()
        let number = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                body.name.withCString { _ = pthread_setname_np(pthread_self(), $0) }
                body.run()
                return nil
            }, argument)
        guard number == 0 else {
            Unmanaged<Body>.fromOpaque(argument).release()
            throw NodeError("no thread for \(name)", hint: "end some processes")
        }
        pthread_detach(thread)
    }
}
