/// Every kind of fault there is.
public enum FaultKinds {
    /// In the order of `loadgen chaos list`.
    public static let all: [any Fault.Type] = [
        CrashFault.self, StopFault.self, HangFault.self, CrashLoopFault.self,
        PowerCutFault.self, OpenFilesFault.self, MemoryFault.self, MemoryLimitFault.self,
        ProcessorFault.self,
        ProcessCountFault.self,
        DiskFullFault.self, DatabaseLockFault.self, InjectionFault.self,
        LossFault.self, PartitionFault.self,
        RefuseFault.self, BlackHoleFault.self, HoldFault.self, DelayFault.self, BandwidthFault.self,
        ResetFault.self, HalfOpenFault.self, TruncationFault.self, CorruptionFault.self,
        SlowDripFault.self,
    ]

    /// The kind of a name; `nil` if there is none.
    public static func named(_ name: String) -> (any Fault.Type)? {
        all.first { $0.name == name }
    }
}
