import Statistics

extension Chart {
    /// The layers in the units of the inner drawing.
    var shapes: String {
        let (width, height) = Self.units
        return "<svg class=\"shapes\" width=\"100%\" height=\"100%\" "
            + "viewBox=\"0 0 \(Int(width)) \(Int(height))\" preserveAspectRatio=\"none\">\n"
            + layers.map(shape).joined() + "</svg>\n"
    }

    private func shape(_ layer: ChartLayer) -> String {
        switch layer {
        case .line(let runs, let tone, let isDashed):
            return path(
                runs.map(line).joined(),
                "line \(tone.rawValue)\(isDashed ? " dashed" : "")")
        case .band(let runs, let tone, let opacity):
            return path(
                runs.map(area).joined(), "area \(tone.rawValue)",
                " fill-opacity=\"\(Markup.number(opacity))\"")
        case .bars(let boxes, let tone):
            return path(boxes.map(rectangle).joined(), "area \(tone.rawValue)")
        case .dots(let points, let tone):
            // A line of no length with a round end is a dot that stretching leaves round.
            let marks = points.map { "M\(across($0.x)) \(down($0.y))h0" }
            return path(marks.joined(), "dot \(tone.rawValue)")
        case .heat(let levels):
            return levels.keys.sorted().map { level in
                path((levels[level] ?? []).map(rectangle).joined(), "heat h\(level)")
            }.joined()
        }
    }

    private func path(_ data: String, _ classes: String, _ attributes: String = "") -> String {
        data.isEmpty ? "" : "<path class=\"\(classes)\"\(attributes) d=\"\(data)\"/>\n"
    }

    private func line(_ run: [ChartPoint]) -> String {
        guard let first = run.first else { return "" }
        var data = "M\(across(first.x)) \(down(first.y))"
        if run.count == 1 { return data + "h0" }
        for point in run.dropFirst() { data += "L\(across(point.x)) \(down(point.y))" }
        return data
    }

    private func area(_ run: [ChartRange]) -> String {
        guard let first = run.first else { return "" }
        var data = "M\(across(first.x)) \(down(first.high))"
        for range in run.dropFirst() { data += "L\(across(range.x)) \(down(range.high))" }
        for range in run.reversed() { data += "L\(across(range.x)) \(down(range.low))" }
        return data + "Z"
    }

    private func rectangle(_ box: ChartBox) -> String {
        let (left, right) = (across(box.left), max(across(box.right), across(box.left) + 1))
        let (top, bottom) = (down(box.top), down(box.bottom))
        return "M\(left) \(top)h\(right - left)v\(bottom - top)h\(left - right)z"
    }

    private func across(_ value: Double) -> Int {
        Int(clamping: (x.scale.position(value) * Self.units.width).rounded())
    }

    private func down(_ value: Double) -> Int {
        Int(clamping: ((1 - y.scale.position(value)) * Self.units.height).rounded())
    }
}
