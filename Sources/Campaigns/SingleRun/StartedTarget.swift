import Targets

/// The target that loadgen has started, if it has; confined to the run's task.
final class StartedTarget {
    /// `nil` if it runs by itself.
    var running: RunningTarget?
    /// Where it has its data, if that is to outlive a restart; it ends with the run.
    var data: TemporaryFolder?

    func end() {
        running?.stop()
        data?.remove()
    }
}
