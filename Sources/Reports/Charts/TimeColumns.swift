import Measurements

/// The seconds of a run in a bounded number of columns, each of which keeps its extremes.
struct TimeColumns: Sendable {
    /// A column: when it is, and which of `units` are in it.
    struct Column: Sendable {
        var start: Double
        var end: Double
        var units: Range<Int>

        var middle: Double { (start + end) / 2 }
    }

    /// One value of a column: its middle second and its extremes.
    struct Value: Sendable, Equatable {
        var low: Double
        var middle: Double
        var high: Double
    }

    /// A figure over time; `nil` if nothing was read.
    struct Series: Sendable {
        var values: [Value?]

        /// The extremes of all columns.
        var extremes: (low: Double, high: Double)? {
            let known = values.compactMap { $0 }
            guard let low = known.map(\.low).min(), let high = known.map(\.high).max() else {
                return nil
            }
            return (low, high)
        }
    }

    /// A stretch that one value is taken of: a row, with one too short for a rate of its own.
    private struct Unit {
        var start: Double
        var end: Double
        var rows: Range<Int>
    }

    /// A row shorter than that, as the last of a run, has no rate that means anything.
    private static let minimumSeconds = 0.5

    let columns: [Column]
    private let rows: [SeriesRow]
    private let units: [Unit]

    /// Whether each column is one second.
    var isWhole: Bool { columns.count == units.count }

    /// When the last column ends, in seconds from the start of the load.
    var end: Double { columns.last?.end ?? 0 }

    /// The rows of a run in at most so many columns.
    init(_ rows: [SeriesRow], most: Int) {
        self.rows = rows
        var units: [Unit] = []
        var last = 0.0
        for (index, row) in rows.enumerated() {
            let end = max(last, row.timeSeconds)
            if end - last < Self.minimumSeconds, let unit = units.last {
                units[units.count - 1] = Unit(
                    start: unit.start, end: end, rows: unit.rows.lowerBound..<index + 1)
            } else {
                units.append(Unit(start: last, end: end, rows: index..<index + 1))
            }
            last = end
        }
        self.units = units
        let width = max(1, (units.count + most - 1) / most)
        columns = stride(from: 0, to: units.count, by: width).map { first in
            let range = first..<min(first + width, units.count)
            return Column(
                start: units[first].start, end: units[range.upperBound - 1].end, units: range)
        }
    }

    /// A figure that is a state, as requests in flight: the first reading of each second.
    func levels(_ value: (SeriesRow) -> Double?) -> Series {
        series { unit in unit.rows.compactMap { value(rows[$0]) }.first }
    }

    /// A figure that is counted, by the second.
    func rates(_ count: (SeriesRow) -> Int) -> Series {
        series { unit in
            let length = unit.end - unit.start
            guard length > 0 else { return nil }
            return Double(unit.rows.reduce(0) { $0 + count(rows[$1]) }) / length
        }
    }

    /// A total that only grows, as CPU time, by the second.
    func growth(_ total: (SeriesRow) -> Double?) -> Series {
        var last: (time: Double, total: Double)?
        return series { unit in
            let known = unit.rows.compactMap { index in
                total(rows[index]).map { (time: rows[index].timeSeconds, total: $0) }
            }
            guard let now = known.last else { return nil }
            defer { last = now }
            // A process that was started again begins anew.
            guard let last, now.time > last.time, now.total >= last.total else { return nil }
            return (now.total - last.total) / (now.time - last.time)
        }
    }

    private func series(_ value: (Unit) -> Double?) -> Series {
        Series(
            values: columns.map { column in
                let values = column.units.compactMap { value(units[$0]) }
                    .filter(\.isFinite).sorted()
                guard let low = values.first, let high = values.last else { return nil }
                return Value(low: low, middle: values[(values.count - 1) / 2], high: high)
            })
    }

    // MARK: What is drawn

    /// The line of a series: the middle second of each column.
    func line(
        _ series: Series, _ tone: ChartTone, isDashed: Bool = false
    ) -> ChartLayer {
        .line(
            runs(of: series).map { run in run.map { ChartPoint(x: $0.x, y: $0.value.middle) } },
            tone: tone, isDashed: isDashed)
    }

    /// The extremes of each column, where a column is more than a second.
    func extremes(_ series: Series, _ tone: ChartTone) -> [ChartLayer] {
        guard !isWhole else { return [] }
        return [band(series, series, tone, opacity: 0.2, from: \.low, to: \.high)]
    }

    /// The area between two series.
    func band(
        _ low: Series, _ high: Series, _ tone: ChartTone, opacity: Double,
        from lower: KeyPath<Value, Double> = \.middle, to upper: KeyPath<Value, Double> = \.middle
    ) -> ChartLayer {
        var result: [[ChartRange]] = [[]]
        for (index, column) in columns.enumerated() {
            guard let bottom = low.values[index], let top = high.values[index] else {
                result.append([])
                continue
            }
            result[result.count - 1].append(
                ChartRange(
                    x: column.middle, low: bottom[keyPath: lower], high: top[keyPath: upper]))
        }
        return .band(result.filter { !$0.isEmpty }, tone: tone, opacity: opacity)
    }

    private func runs(of series: Series) -> [[(x: Double, value: Value)]] {
        var result: [[(x: Double, value: Value)]] = [[]]
        for (column, value) in zip(columns, series.values) {
            if let value {
                result[result.count - 1].append((column.middle, value))
            } else {
                result.append([])
            }
        }
        return result.filter { !$0.isEmpty }
    }

    /// Columns in at most so many groups of neighbours, for values on hover and for tables.
    func groups(atMost most: Int) -> [Range<Int>] {
        let width = max(1, (columns.count + most - 1) / most)
        return stride(from: 0, to: columns.count, by: width).map {
            $0..<min($0 + width, columns.count)
        }
    }
}
