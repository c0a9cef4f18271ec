import Generator
import Profiles

/// What is sent, and since when.
struct StartedLoad {
    let profile: Profile
    let plan: GeneratorPlan
    /// When the load begins, in monotonic nanoseconds.
    let start: UInt64
}
