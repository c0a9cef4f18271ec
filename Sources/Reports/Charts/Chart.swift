/// A figure drawn as inline SVG: it is as wide as the page lets it, and its text keeps its size.
///
/// Shapes are in an inner drawing that is stretched to the width; axes and labels are in the outer
/// one, at shares of the width. So no script is needed at any width, nor for print.
struct Chart: Sendable {
    /// Its id in the page; letters, digits and hyphens.
    var id: String
    /// Its accessible name.
    var title: String
    /// What it shows, in words, for who does not see it.
    var summary: String
    var x: ChartAxis
    var y: ChartAxis
    /// The height of the part between the axes, in CSS pixels.
    var heightPixels = 150
    /// Whether the ticks of the x axis are labelled; only the last of charts one below another is.
    var hasTimeLabels = true
    var layers: [ChartLayer] = []
    var spans: [ChartSpan] = []
    var rules: [ChartRule] = []
    var notes: [ChartNote] = []
    var slices: [ChartSlice] = []

    /// The size of the inner drawing's own units; its shapes are in whole ones.
    static let units = (width: 4000.0, height: 1000.0)

    /// The chart as an element of HTML.
    var html: String {
        let name = Markup.escape(id)
        return """
            <div class="plot\(hasTimeLabels ? " labelled" : "")">
            <svg class="chart" id="\(name)" role="img" aria-labelledby="\(name)-t" \
            aria-describedby="\(name)-d" width="100%" height="\(heightPixels)">
            <title id="\(name)-t">\(Markup.escape(title))</title>
            <desc id="\(name)-d">\(Markup.escape(summary))</desc>
            \(shading)\(grid)\(shapes)\(labels)\(ruleMarks)\(noteMarks)\(hoverTargets)</svg>
            </div>

            """
    }

    // MARK: Around the shapes

    private var shading: String {
        spans.filter(\.isShaded).map { span in
            let (left, right) = (x.scale.position(span.start), x.scale.position(span.end))
            let kind = span.tone.map { "stretch \($0.rawValue)" } ?? "shade"
            return "<rect class=\"\(kind)\" x=\"\(Markup.percent(left))\" y=\"0\" "
                + "width=\"\(Markup.percent(right - left))\" height=\"100%\"/>\n"
        }.joined()
    }

    private var grid: String {
        var lines = ""
        for tick in y.ticks {
            let place = Markup.percent(1 - y.scale.position(tick.value))
            lines += "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"\(place)\" y2=\"\(place)\"/>"
        }
        for tick in x.ticks {
            let place = Markup.percent(x.scale.position(tick.value))
            lines += "<line class=\"tick\" x1=\"\(place)\" x2=\"\(place)\" y1=\"0\" y2=\"100%\"/>"
        }
        return lines + "\n"
    }

    private var labels: String {
        var text = ""
        for tick in y.ticks {
            let place = Markup.percent(1 - y.scale.position(tick.value))
            text +=
                "<text class=\"y\" x=\"-8\" y=\"\(place)\" dy=\".32em\">"
                + "\(Markup.escape(tick.label))</text>"
        }
        guard hasTimeLabels else { return text + "\n" }
        for tick in x.ticks {
            let position = x.scale.position(tick.value)
            let anchor = position < 0.03 ? "start" : position > 0.97 ? "end" : "middle"
            text +=
                "<text class=\"x \(anchor)\" x=\"\(Markup.percent(position))\" y=\"100%\" "
                + "dy=\"1.5em\">\(Markup.escape(tick.label))</text>"
        }
        return text + "\n"
    }

    private var ruleMarks: String {
        rules.map { rule in
            switch rule.direction {
            case .horizontal:
                let place = Markup.percent(1 - y.scale.position(rule.value))
                let line = "x1=\"0\" x2=\"100%\" y1=\"\(place)\" y2=\"\(place)\""
                return "<line class=\"rule \(rule.tone.rawValue)\" \(line)/>"
                    + "<text class=\"rule-label\" x=\"100%\" y=\"\(place)\" dx=\"-4\" dy=\"-4\">"
                    + "\(Markup.escape(rule.label))</text>\n"
            case .vertical:
                let place = Markup.percent(x.scale.position(rule.value))
                let line = "x1=\"\(place)\" x2=\"\(place)\" y1=\"0\" y2=\"100%\""
                return "<line class=\"rule \(rule.tone.rawValue)\" \(line)>"
                    + "<title>\(Markup.escape(rule.label))</title></line>\n"
            }
        }.joined()
    }

    private var noteMarks: String {
        notes.map { note in
            let across = x.scale.position(note.point.x)
            let place = "\(Markup.percent(across))\" "
            let down = Markup.percent(1 - y.scale.position(note.point.y))
            // To the left of its place where there is no room on the right.
            let side = across > 0.6 ? "end\" dx=\"-9" : "start\" dx=\"9"
            let mark =
                "<circle class=\"note-mark \(note.tone.rawValue)\" cx=\"\(place)"
                + "cy=\"\(down)\" r=\"4.5\"/>"
            return (note.hasMark ? mark : "")
                + "<text class=\"note-label \(side)\" x=\"\(place)y=\"\(down)\" dy=\"-6\">"
                + "\(Markup.escape(note.text))</text>\n"
        }.joined()
    }

    private var hoverTargets: String {
        slices.map { slice in
            let (left, right) = (x.scale.position(slice.start), x.scale.position(slice.end))
            return "<rect class=\"hit\" x=\"\(Markup.percent(left))\" y=\"0\" "
                + "width=\"\(Markup.percent(right - left))\" height=\"100%\">"
                + "<title>\(Markup.escape(slice.text))</title></rect>\n"
        }.joined()
    }
}
