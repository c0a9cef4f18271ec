import EventLoops
import Evidence
import Generator
import Measurements
import Profiles
import Targets

/// Reads what checked scenarios have written, after the load.
extension SingleRun {
    private static let intervalNanoseconds: UInt64 = 1_000_000
    /// A read that fails is tried again.
    private static let maximumPasses = 3

    /// Reads every key that was written, and once more after a restart of the target.
    ///
    /// - Returns: what could not be read after the restart, in words; what could not be read before
    ///   is seen in the log.
    func readBack(
        _ keys: [Shard.KeyToRead], by plan: GeneratorPlan, at target: LoadedTarget,
        _ writer: EvidenceWriter, on loop: EventLoop
    ) async throws -> String? {
        guard !keys.isEmpty, !control.isStopRequested else { return nil }
        let plan = plan.forReadingBack
        _ = try await readAll(keys, by: plan, target.lanes, writer, on: loop, firstPass: 0)
        guard let restart = target.restart, !control.isStopRequested else { return nil }
        let lanes: LaneFactory
        do { lanes = try await restart() } catch {
            return "the target was stopped to be read back after a restart: \(error)"
        }
        let left = try await readAll(
            keys, by: plan, lanes, writer, on: loop, firstPass: Self.maximumPasses)
        guard left > 0, !control.isStopRequested else { return nil }
        return "\(left) of \(keys.count) keys could not be read after a restart of the target"
    }

    /// Reads keys, and those that were not answered again.
    ///
    /// - Returns: how many were never answered.
    private func readAll(
        _ keys: [Shard.KeyToRead], by plan: GeneratorPlan, _ lanes: LaneFactory,
        _ writer: EvidenceWriter, on loop: EventLoop, firstPass: Int
    ) async throws -> Int {
        var left = keys
        for pass in firstPass..<firstPass + Self.maximumPasses where !left.isEmpty {
            // A target that has just refused every read may be about to come back.
            let isAgain = pass > firstPass
            let shard = await withTaskExecutorPreference(loop) {
                if isAgain { await loop.sleep(until: loop.nowNanoseconds + 500_000_000) }
                return LoopBound(
                    Shard(
                        plan: plan, share: LoadShare(index: 0, count: 1), loop: loop,
                        transport: lanes.lane(on: loop, maximumConnections: 16),
                        startNanoseconds: loop.nowNanoseconds), to: loop)
            }
            let (wanted, control) = (left, control)
            let read = await withTaskExecutorPreference(loop) {
                await Shard.readBack(
                    shard, wanted, pass: pass, interval: Self.intervalNanoseconds,
                    isStopped: { control.isStopRequested })
            }
            let part = await withTaskExecutorPreference(loop) { shard.value.takeOperations() }
            try writer.append(operations: part.operations)
            try writer.flush()
            guard !control.isStopRequested else { return left.count }
            left.removeAll { read.contains($0.number) }
        }
        return left.count
    }
}
