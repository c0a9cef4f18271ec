import CLinux
import Glibc

/// What the loop looks at for its handlers.
extension EventLoop {
    /// Watches a descriptor for both directions, edge-triggered, until `forget`; on the loop only.
    public func watch(_ descriptor: Int32, handler: any EventHandler) throws(SystemCallError) {
        try watch(
            descriptor,
            events: EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue,
            handler)
    }

    /// Watches a descriptor level-triggered until `forget`: its handler is called in every turn in
    /// which the descriptor is ready for one of `interests`; on the loop only.
    public func watch(
        _ descriptor: Int32, for interests: Interests, handler: any EventHandler
    ) throws(SystemCallError) {
        try watch(descriptor, events: interests.rawValue, handler)
    }

    private func watch(
        _ descriptor: Int32, events: UInt32, _ handler: any EventHandler
    ) throws(SystemCallError) {
        precondition(isCurrent, "watch is for the loop's own thread")
        generation &+= 1
        while watched.count <= Int(descriptor) { watched.append(nil) }
        watched[Int(descriptor)] = Watch(generation: generation, handler: handler)
        guard control(EPOLL_CTL_ADD, descriptor, events, generation) == 0 else {
            watched[Int(descriptor)] = nil
            throw SystemCallError(call: "epoll_ctl", number: errno)
        }
    }

    /// Changes what a level-triggered watch is for; on the loop only.
    public func change(_ descriptor: Int32, to interests: Interests) {
        precondition(isCurrent, "change is for the loop's own thread")
        guard let watch = watched[Int(descriptor)] else { return }
        _ = control(EPOLL_CTL_MOD, descriptor, interests.rawValue, watch.generation)
    }

    private func control(
        _ operation: Int32, _ descriptor: Int32, _ events: UInt32, _ generation: UInt32
    ) -> Int32 {
        var event = epoll_event()
        event.events = events
        event.data.u64 = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        return epoll_ctl(epoll, operation, descriptor, &event)
    }

    /// Ends the watch; call it before the descriptor is closed, on the loop only.
    public func forget(_ descriptor: Int32) {
        precondition(isCurrent, "forget is for the loop's own thread")
        watched[Int(descriptor)] = nil
        _ = control(EPOLL_CTL_DEL, descriptor, 0, 0)
    }
}
