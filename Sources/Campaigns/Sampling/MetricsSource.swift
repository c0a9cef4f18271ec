/// What scrapers of a run in progress get.
public struct MetricsSource: Sendable {
    let listener: MetricsListener
    let page: @Sendable () -> String

    /// Where, and the page as it is now; `page` is called on the run's control loop.
    public init(listener: MetricsListener, page: @escaping @Sendable () -> String) {
        self.listener = listener
        self.page = page
    }
}
