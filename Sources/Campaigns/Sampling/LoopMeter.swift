import Collector
import EventLoops
import Exchanges
import Generator
import Measurements

/// Reads what one generator thread did; confined to its loop.
final class LoopMeter {
    private let loop: EventLoop
    private var thread: ThreadMeter
    private var lastIdle: UInt64
    private var lastTime: UInt64
    /// What the lane did that no reading has yet.
    private var pending = TransportStatistics()

    init(_ loop: EventLoop) {
        self.loop = loop
        thread = ThreadMeter()
        lastIdle = loop.idleNanoseconds
        lastTime = loop.nowNanoseconds
    }

    /// Open connections between two readings; what else the lane did is kept for the next one.
    func connections(_ transport: TransportStatistics) -> Int {
        pending.add(transport)
        return transport.openConnections
    }

    /// The reading since the last one.
    func take(_ latest: TransportStatistics) -> LoopReading {
        pending.openConnections = 0
        pending.add(latest)
        let transport = pending
        pending = TransportStatistics()
        let now = loop.nowNanoseconds
        let length = Double(max(1, now - lastTime))
        let idle = loop.idleNanoseconds
        let use = thread.take()
        let counters = loop.takeCounters()
        var reading = LoopReading()
        reading.cpu = Double(use.cpuNanoseconds) / length
        reading.busy = 1 - min(1, Double(idle &- lastIdle) / length)
        reading.voluntarySwitches = use.voluntarySwitches
        reading.involuntarySwitches = use.involuntarySwitches
        reading.allocatedBytes = use.allocatedBytes
        reading.turns = counters.turns
        reading.events = counters.events
        if counters.timerWakes > 0 {
            reading.overshootNanoseconds =
                counters.overshootNanoseconds / UInt64(counters.timerWakes)
            reading.maximumOvershootNanoseconds = counters.maximumOvershootNanoseconds
        }
        reading.sent = transport.sent
        reading.connections = transport.openConnections
        reading.opened = transport.opened
        reading.reconnects = transport.reconnects
        reading.maximumReadBytes = transport.maximumReadBytes
        (lastIdle, lastTime) = (idle, now)
        return reading
    }
}
