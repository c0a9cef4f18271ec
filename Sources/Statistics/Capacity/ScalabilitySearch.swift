/// Least squares for the scalability law: each face of its bounds is searched from several starts.
struct ScalabilitySearch {
    /// A parameter of the law.
    enum Parameter: Int, CaseIterable {
        case rate
        case contention
        case coherency
    }

    /// Parameters scaled so that each is about 1: the rate by the first guess, the prices by what
    /// they cost at the largest load.
    private typealias Vector = [Double]

    private let points: [ScalabilityFit.Point]
    private let scale: Vector

    init(_ points: [ScalabilityFit.Point], largest: Double) {
        self.points = points
        let rate = points.map { $0.throughput / $0.concurrency }.max() ?? 1
        scale = [rate, 1 / (largest - 1), 1 / (largest * (largest - 1))]
    }

    /// The best law within the bounds.
    ///
    /// Where a bound explains the data as well to within rounding, the parameter is on it.
    func best() -> Candidate? {
        let candidates = faces.compactMap { search($0.free, $0.fixed) }
        guard let least = candidates.map(\.squares).min() else { return nil }
        let size = points.map { $0.weight * $0.throughput * $0.throughput }.sum
        return candidates.filter { $0.squares <= least + 1e-14 * size }
            .min { ($0.free.count, $0.squares) < ($1.free.count, $1.squares) }
    }

    /// Which parameters are free on each face, and where the others stand.
    private var faces: [(free: [Parameter], fixed: Vector)] {
        let one = 1 / scale[1]
        return [
            ([.rate, .contention, .coherency], [1, 0, 0]),
            ([.rate, .contention], [1, 0, 0]),
            ([.rate, .coherency], [1, 0, 0]),
            ([.rate, .coherency], [1, one, 0]),
            ([.rate], [1, 0, 0]),
            ([.rate], [1, one, 0]),
        ]
    }

    private func search(_ free: [Parameter], _ fixed: Vector) -> Candidate? {
        let guesses: [Vector] = [
            [1, 0.1, 0.1], [1, 1, 0.1], [1, 0.1, 1], [1, 5, 1], [1, 1, 10],
        ]
        let results = guesses.compactMap { guess in
            var start = fixed
            for parameter in free { start[parameter.rawValue] = guess[parameter.rawValue] }
            return descend(free, from: start)
        }
        return results.filter(isAllowed).min { $0.squares < $1.squares }
    }

    private func isAllowed(_ candidate: Candidate) -> Bool {
        candidate.isWithinBounds
    }

    /// Levenberg and Marquardt's descent.
    private func descend(_ free: [Parameter], from start: Vector) -> Candidate? {
        var place = start
        guard var squares = self.squares(place) else { return nil }
        var damping = 1e-3
        var stalled = 0
        for _ in 0..<1_000 {
            let (matrix, gradient) = normalEquations(free, place)
            var damped = matrix
            for i in damped.indices { damped[i][i] *= 1 + damping }
            guard let step = Self.solve(damped, gradient) else { return nil }
            var next = place
            for (index, parameter) in free.enumerated() {
                next[parameter.rawValue] += step[index]
            }
            let size = step.map(\.magnitude).max() ?? 0
            if let better = self.squares(next), better <= squares {
                stalled = squares - better <= 1e-14 * squares ? stalled + 1 : 0
                place = next
                squares = better
                damping = max(damping / 10, 1e-12)
                if size < 1e-13 || stalled == 3 { break }
            } else {
                if size < 1e-13 || damping > 1e12 { break }
                damping *= 10
            }
        }
        return Candidate(
            free: free, scaled: place, scale: scale, squares: squares,
            information: normalEquations(free, place).matrix)
    }

    /// The denominators; `nil` if one is not above 0.
    private func shapes(_ place: Vector) -> [Double]? {
        let shapes = points.map { point in
            let n = point.concurrency
            return 1 + place[1] * scale[1] * (n - 1) + place[2] * scale[2] * n * (n - 1)
        }
        return shapes.allSatisfy { $0 > 0 } ? shapes : nil
    }

    private func squares(_ place: Vector) -> Double? {
        guard let shapes = shapes(place) else { return nil }
        return zip(points, shapes).map { point, shape in
            let residual =
                point.throughput - place[0] * scale[0] * point.concurrency / shape
            return point.weight * residual * residual
        }.sum
    }

    private func normalEquations(
        _ free: [Parameter], _ place: Vector
    ) -> (matrix: [[Double]], gradient: [Double]) {
        var matrix = [[Double]](
            repeating: [Double](repeating: 0, count: free.count), count: free.count)
        var gradient = [Double](repeating: 0, count: free.count)
        for (point, shape) in zip(points, shapes(place) ?? []) {
            let n = point.concurrency
            let model = place[0] * scale[0] * n / shape
            let slopes = [
                scale[0] * n / shape, -model / shape * scale[1] * (n - 1),
                -model / shape * scale[2] * n * (n - 1),
            ]
            for (i, first) in free.enumerated() {
                let slope = point.weight * slopes[first.rawValue]
                gradient[i] += slope * (point.throughput - model)
                for (j, second) in free.enumerated() {
                    matrix[i][j] += slope * slopes[second.rawValue]
                }
            }
        }
        return (matrix, gradient)
    }

    /// The solution of a small system by elimination with pivots; `nil` if there is none.
    static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
        var rows = zip(matrix, right).map { $0 + [$1] }
        for column in rows.indices {
            guard
                let pivot = rows.indices.dropFirst(column).max(by: {
                    rows[$0][column].magnitude < rows[$1][column].magnitude
                }), rows[pivot][column] != 0
            else { return nil }
            rows.swapAt(column, pivot)
            for row in rows.indices where row != column {
                let factor = rows[row][column] / rows[column][column]
                for place in column...rows.count {
                    rows[row][place] -= factor * rows[column][place]
                }
            }
        }
        let solution = rows.indices.map { rows[$0][rows.count] / rows[$0][$0] }
        return solution.allSatisfy(\.isFinite) ? solution : nil
    }
}

extension ScalabilitySearch {
    /// Where a descent ended.
    struct Candidate {
        let free: [Parameter]
        let scaled: [Double]
        let scale: [Double]
        let squares: Double
        /// The Jacobian's square, of the free, scaled parameters.
        let information: [[Double]]

        private func value(_ parameter: Parameter) -> Double {
            scaled[parameter.rawValue] * scale[parameter.rawValue]
        }

        var isWithinBounds: Bool {
            value(.rate) >= 0 && (0...1 + 1e-12).contains(value(.contention))
                && value(.coherency) >= 0
        }

        var law: ScalabilityLaw {
            ScalabilityLaw(
                rate: value(.rate), contention: min(1, value(.contention)),
                coherency: value(.coherency))
        }

        /// How the free parameters vary together; `nil` without degrees of freedom.
        func covariance(_ degreesOfFreedom: Int) -> Covariance? {
            guard degreesOfFreedom > 0 else { return nil }
            let variance = squares / Double(degreesOfFreedom)
            var entries: [[Double]] = []
            for i in free.indices {
                let unit = free.indices.map { $0 == i ? 1.0 : 0 }
                guard let column = ScalabilitySearch.solve(information, unit) else { return nil }
                entries.append(
                    free.indices.map { j in
                        column[j] * variance * scale[free[i].rawValue] * scale[free[j].rawValue]
                    })
            }
            return Covariance(free: free, entries: entries, degreesOfFreedom: degreesOfFreedom)
        }
    }

    /// Variances and covariances of the free parameters.
    struct Covariance {
        let free: [Parameter]
        let entries: [[Double]]
        let degreesOfFreedom: Int

        private func entry(_ first: Parameter, _ second: Parameter) -> Double? {
            guard let i = free.firstIndex(of: first), let j = free.firstIndex(of: second) else {
                return nil
            }
            return entries[i][j]
        }

        func of(_ parameter: Parameter, at value: Double) -> ScalabilityFit.Precision? {
            guard let variance = entry(parameter, parameter), variance >= 0 else { return nil }
            let error = variance.squareRoot()
            let t = StudentDistribution(degreesOfFreedom: Double(degreesOfFreedom))
                .quantile(0.975)
            return ScalabilityFit.Precision(
                standardError: error, interval: value - t * error...value + t * error)
        }

        /// By the delta method, from N* = sqrt((1 - contention) / coherency).
        func ofPeak(_ law: ScalabilityLaw) -> Double? {
            guard let peak = law.peakConcurrency, law.contention < 1,
                let contention = entry(.contention, .contention),
                let coherency = entry(.coherency, .coherency),
                let both = entry(.contention, .coherency)
            else { return nil }
            let a = -peak / (2 * (1 - law.contention))
            let b = -peak / (2 * law.coherency)
            let variance = a * a * contention + 2 * a * b * both + b * b * coherency
            return variance >= 0 ? variance.squareRoot() : nil
        }
    }
}
