/// A colour of the page, from the palette of Okabe and Ito, which survives colour blindness; the
/// style sheet says which, for light and for dark.
enum ChartTone: String, Sendable, CaseIterable {
    case blue
    case vermillion
    case green
    case orange
    case purple
    case sky
    case grey
    case yellow
    case ink
}

/// A place in a chart, in the units of its axes.
struct ChartPoint: Sendable, Equatable {
    var x: Double
    var y: Double
}

/// The part of a chart at `x` between two values, in the units of its axes.
struct ChartRange: Sendable, Equatable {
    var x: Double
    var low: Double
    var high: Double
}

/// A rectangle of a chart, in the units of its axes.
struct ChartBox: Sendable, Equatable {
    var left: Double
    var right: Double
    var bottom: Double
    var top: Double
}

/// Something drawn in a chart, above what came before it.
enum ChartLayer: Sendable {
    /// Points joined by a line; each run of points is a line of its own.
    case line([[ChartPoint]], tone: ChartTone, isDashed: Bool = false)
    /// The area between two lines; each run is an area of its own.
    case band([[ChartRange]], tone: ChartTone, opacity: Double)
    /// Filled rectangles.
    case bars([ChartBox], tone: ChartTone)
    /// Single places.
    case dots([ChartPoint], tone: ChartTone)
    /// Rectangles by intensity, 1 to 8: a heat map.
    case heat([Int: [ChartBox]])
}

/// A stretch of the x axis that is shaded, as a phase.
struct ChartSpan: Sendable, Equatable {
    var start: Double
    var end: Double
    /// Whether it is shaded rather than left plain.
    var isShaded: Bool
    /// The colour of the shade; grey if it is `nil`.
    var tone: ChartTone?
}

/// A straight line through a chart: a limit, or an event.
struct ChartRule: Sendable, Equatable {
    /// Which axis it is a value of.
    enum Direction: Sendable {
        case horizontal
        case vertical
    }

    var direction: Direction
    var value: Double
    var label: String
    var tone: ChartTone
}

/// A stretch of the x axis whose values are shown while the pointer is over it.
struct ChartSlice: Sendable, Equatable {
    var start: Double
    var end: Double
    var text: String
}

/// A place of a chart that is named where it stands.
struct ChartNote: Sendable, Equatable {
    var point: ChartPoint
    var text: String
    var tone: ChartTone
    /// Whether the place has a mark, or the text alone.
    var hasMark = true
}
