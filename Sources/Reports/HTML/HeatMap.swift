import Evidence
import Measurements
import Statistics
import Verdicts

/// How many requests were answered when, and how fast: latency over time as a heat map.
struct HeatMap {
    let model: ReportModel
    let timeline: Timeline

    /// Shades of the style sheet.
    private static let levels = 8

    /// The figure; nothing where no request was answered right.
    var html: String {
        let grid = model.evidence.latencyGrid()
        let used = LatencyGrid.edges.indices.filter { row in
            grid.columns.contains { $0[row] > 0 }
        }
        guard let first = used.first, let last = used.last else { return "" }
        let most = grid.columns.flatMap { $0 }.max() ?? 1
        var chart = Chart(
            id: "heat", title: "Latency over time as a heat map",
            summary: "Right answers lie between \(Self.edge(first)) and \(Self.edge(last + 1)); "
                + "the fullest cell holds \(Figure.whole(Int(clamping: most))).",
            x: timeline.axis,
            y: .nanoseconds(
                from: Double(LatencyGrid.edges[first]), to: Self.edgeValue(last + 1)),
            heightPixels: 240)
        chart.layers = [.heat(cells(grid, most: most))]
        chart.rules = timeline.eventRules
        chart.slices = slices(grid)
        return "<figure>\n<figcaption>\(legend(most))</figcaption>\n\(timeline.phaseStrip)"
            + "\(chart.html)</figure>\n"
    }

    private static func edgeValue(_ row: Int) -> Double {
        // The last row has no upper edge; it is drawn as high as the others.
        row < LatencyGrid.edges.count
            ? Double(LatencyGrid.edges[row]) : Double(LatencyGrid.edges[row - 1]) * 1.259
    }

    private static func edge(_ row: Int) -> String { Figure.time(UInt64(clamping: edgeValue(row))) }

    /// A level for each power of the largest count, so that single answers show, too.
    private static func level(_ count: UInt64, most: UInt64) -> Int {
        guard most > 1 else { return levels }
        let scale = ChartScale(.logarithmic, from: 1, to: Double(most))
        return 1 + Int(clamping: (scale.position(Double(count)) * Double(levels - 1)).rounded())
    }

    /// The cells by level; neighbours in a row of the same level are one box.
    private func cells(_ grid: LatencyGrid, most: UInt64) -> [Int: [ChartBox]] {
        var result: [Int: [ChartBox]] = [:]
        let end = timeline.columns.end
        for row in LatencyGrid.edges.indices {
            var open: (level: Int, start: Int)?
            for column in 0...grid.columns.count {
                let count = column < grid.columns.count ? grid.columns[column][row] : 0
                let level = count > 0 ? Self.level(count, most: most) : 0
                if let run = open, run.level != level {
                    result[run.level, default: []].append(
                        ChartBox(
                            left: Double(run.start) * grid.columnSeconds,
                            right: min(end, Double(column) * grid.columnSeconds),
                            bottom: Double(LatencyGrid.edges[row]), top: Self.edgeValue(row + 1)))
                    open = nil
                }
                if open == nil, level > 0 { open = (level, column) }
            }
        }
        return result
    }

    private func slices(_ grid: LatencyGrid) -> [ChartSlice] {
        let width = max(
            1, (grid.columns.count + Timeline.maximumSlices - 1) / Timeline.maximumSlices)
        return stride(from: 0, to: grid.columns.count, by: width).compactMap { first in
            let group = grid.columns[first..<min(first + width, grid.columns.count)]
            let sums = LatencyGrid.edges.indices.map { row in group.reduce(0) { $0 + $1[row] } }
            let start = Double(first) * grid.columnSeconds
            let end = min(
                timeline.columns.end, start + Double(group.count) * grid.columnSeconds)
            guard start < end, let low = sums.firstIndex(where: { $0 > 0 }),
                let high = sums.lastIndex(where: { $0 > 0 }),
                let full = sums.indices.max(by: { sums[$0] < sums[$1] })
            else { return nil }
            return ChartSlice(
                start: start, end: end,
                text: "\(Timeline.stretch(start, end))\n"
                    + "right answers: \(Figure.whole(Int(clamping: sums.reduce(0, +))))\n"
                    + "fastest: from \(Self.edge(low))\nslowest: to \(Self.edge(high + 1))\n"
                    + "most at: \(Self.edge(full)) to \(Self.edge(full + 1))")
        }
    }

    private func legend(_ most: UInt64) -> String {
        let swatches = (1...Self.levels).map { level in
            "<rect class=\"h\(level)\" x=\"\((level - 1) * 14)\" width=\"14\" height=\"10\"/>"
        }.joined()
        return "<div class=\"legend\"><span>1 answer <svg width=\"112\" height=\"10\" "
            + "aria-hidden=\"true\">\(swatches)</svg> "
            + "\(Figure.whole(Int(clamping: most)))</span></div>"
    }
}
