import ArgumentParsing
import Campaigns
import EventLoops
import Profiles
import Reports
import Targets

/// The page of a run in progress: written once a second, read by its scrapers.
final class MetricsPage: Sendable {
    private let page: Locked<PrometheusPage>
    private let listener: MetricsListener

    /// Listens where `--metrics` says, and says so; `nil` if it is not there.
    init?(_ arguments: Arguments, of profile: Profile) throws(CampaignError) {
        guard let place = arguments.value("--metrics") else { return nil }
        listener = try MetricsListener(place)
        page = Locked(PrometheusPage(profile))
        Terminal.complain("metrics are at http://\(listener.address)/metrics while the run goes on")
    }

    /// What the run is given to serve.
    var source: MetricsSource {
        MetricsSource(listener: listener) { [self] in page.withLock { $0.text } }
    }

    /// Adds a second.
    func add(_ progress: RunProgress) {
        page.withLock { $0.add(progress.row, progress.histograms) }
    }
}
