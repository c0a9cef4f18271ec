public import Profiles

/// Which faults of a profile may be made: said before any load.
public enum FaultPermission {
    /// Why a fault must not or cannot be made; `nil` if it may.
    ///
    /// Only what loadgen has started, and what the profile names, is ever struck; and never the
    /// system's first process, loadgen itself or what has started that.
    public static func problem(of fault: PlannedFault, in profile: Profile) -> FaultError? {
        guard let kind = FaultKinds.named(fault.kind) else {
            return FaultError("there is no such fault", hint: "see loadgen chaos list")
        }
        if case .unavailable(let reason) = kind.availability() {
            return FaultError("it does not work here: \(reason)", hint: "leave it out")
        }
        if case .url(let url) = profile.target,
            FaultNotations.named(fault.kind)?.subject == .packets
        {
            return FaultError(
                "loadgen has not started \(url), so it is in no network namespace of the run's",
                hint: "give the target's command with --target, or take a fault of proxy")
        }
        switch fault.victim {
        case .process(let id): return HeldProcess.obstacle(to: id)
        case .target, .workers:
            if case .command(let text) = profile.target,
                fault.kind == FaultNotations.injection.name,
                !text.contains(" --admin-port")
            {
                return FaultError(
                    "the target's command has no --admin-port",
                    hint: "add --admin-port {admin-port} to the command of the package's node")
            }
            if let id = profile.watch.process { return HeldProcess.obstacle(to: id) }
            guard case .url(let url) = profile.target, profile.watch.port == nil else { return nil }
            return FaultError(
                "loadgen has not started \(url), so its process is not known",
                hint: "name it: { pid: NUMBER } or { port: NUMBER }")
        case .listener, .proxy, .path: return nil
        }
    }
}
