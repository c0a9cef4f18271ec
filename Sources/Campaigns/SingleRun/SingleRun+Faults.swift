import Collector
import EventLoops
import Evidence
import Exchanges
import Profiles
import Targets

/// What strikes the target while it is loaded.
extension SingleRun {
    /// The target with the faults of the profile, which are ready to strike.
    ///
    /// - Throws: `CampaignError` or `SystemCallError` if they cannot be.
    func loadedTarget(
        _ reader: TargetReader, at url: TargetURL, by lanes: LaneFactory, in folder: RunFolder
    ) async throws -> LoadedTarget {
        let log = "\(folder.path)/target.log"
        guard !profile.faults.isEmpty else {
            return LoadedTarget(lanes: lanes, reader: reader, striking: nil, log: log)
        }
        let tree = reader.tree ?? lanes.loopbackPort.flatMap(ProcessTree.listening)
        let striking = try await Striking(
            profile, run: FaultRunName(id: folder.id, guardProgram: options.faultGuard),
            on: try EventLoop(name: "faults", clock: options.environment.clock),
            target: tree?.roots ?? [], address: lanes.address)
        guard let port = striking.proxyPort else {
            return LoadedTarget(lanes: lanes, reader: reader, striking: striking, log: log)
        }
        var network = profile.network
        network.connectTo = "127.0.0.1:\(port)"
        do {
            return LoadedTarget(
                lanes: try options.environment.makeLanes(url, network), reader: reader,
                striking: striking, log: log)
        } catch {
            await striking.close()
            throw error
        }
    }
}
