import Histograms
import Measurements
import Profiles
import SampleEvidence
import Testing

@testable import Reports

@Suite struct PrometheusPageTests {
    private func page() -> PrometheusPage {
        var run = SampleRun()
        run.profile.name = "a \"b\"\\\n"
        var page = PrometheusPage(run.profile)
        var row = SeriesRow(timeSeconds: 1, phases: ["steady"])
        row.planned = 10
        row.started = 9
        row.dropped = 1
        row.sent = 9
        row.inFlight = 2
        row.counts = [
            OperationCounts(phase: "steady", operation: "ping", outcomes: [.ok: 7, .timeout: 1])
        ]
        var latency = Histogram()
        for value: UInt64 in [900_000, 2_000_000, 2_000_000, 90_000_000_000] {
            latency.record(value)
        }
        let key = HistogramKey(phase: "steady", operation: "ping", clock: .latency)
        page.add(row, [key: latency])
        page.add(row, [key: latency])
        return page
    }

    @Test func `counts add up over the seconds, and gauges are of the last one`() {
        let lines = page().text.split(separator: "\n").map(String.init)
        for line in [
            "loadgen_arrivals_planned_total 20", "loadgen_in_flight 2",
            "loadgen_requests_total{phase=\"steady\",operation=\"ping\",outcome=\"ok\"} 14",
            "loadgen_requests_total{phase=\"steady\",operation=\"ping\",outcome=\"timeout\"} 2",
            "loadgen_latency_seconds_bucket{operation=\"ping\",le=\"0.001\"} 2",
            "loadgen_latency_seconds_bucket{operation=\"ping\",le=\"0.0025\"} 6",
            "loadgen_latency_seconds_bucket{operation=\"ping\",le=\"60.0\"} 6",
            "loadgen_latency_seconds_bucket{operation=\"ping\",le=\"+Inf\"} 8",
            "loadgen_latency_seconds_count{operation=\"ping\"} 8",
            "loadgen_run_info{profile=\"a \\\"b\\\"\\\\\\n\",phase=\"steady\"} 1",
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test func `every sample follows a line of help and one of type`() {
        var known: Set<Substring> = []
        for line in page().text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix("# TYPE ") { known.insert(words[2]) }
            if line.hasPrefix("#") { continue }
            let name = line.prefix { $0 != "{" && $0 != " " }
            let family = ["_bucket", "_sum", "_count"].reduce(name) { name, end in
                name.hasSuffix(end) ? name.dropLast(end.count) : name
            }
            #expect(known.contains(family), "\(line)")
        }
    }

    @Test func `a run of which nothing is known has a page`() {
        let page = PrometheusPage(SampleRun().profile).text
        #expect(page.contains("loadgen_requests_sent_total 0\n"))
        #expect(!page.contains("loadgen_requests_total{"))
    }
}
