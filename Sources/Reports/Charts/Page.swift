/// A page of HTML that needs nothing beside itself: style and script are in it.
struct Page {
    /// The title of the window.
    var title: String
    /// What stands in `main`, as HTML.
    var body: String

    /// The whole document.
    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="generator" content="loadgen">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
        style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
        <title>\(Markup.escape(title))</title>
        <link rel="icon" href="data:,">
        <style>
        \(String(decoding: PackageResources.report_css, as: UTF8.self))</style>
        </head>
        <body>
        <main>
        \(body)</main>
        <script>
        \(String(decoding: PackageResources.report_js, as: UTF8.self))</script>
        </body>
        </html>

        """
    }

    /// A table: the first row is its head, the first cell of every other row its heading.
    ///
    /// - Parameter isNumeric: whether every cell but the first of a row stands to the right.
    static func table(_ rows: [ReportModel.Row], isNumeric: Bool) -> String {
        guard let head = rows.first, rows.count > 1 else { return "" }
        let body = rows.dropFirst().map { row in
            let cells = row.dropFirst().map { "<td>\(Markup.escape($0))</td>" }.joined()
            return "<tr><th scope=\"row\">\(Markup.escape(row.first ?? ""))</th>\(cells)</tr>\n"
        }
        let heads = head.map { "<th scope=\"col\">\(Markup.escape($0))</th>" }.joined()
        let hasHead = head.contains { !$0.isEmpty }
        return "<div class=\"scroll\"><table\(isNumeric ? " class=\"numbers\"" : "")>\n"
            + (hasHead ? "<thead><tr>\(heads)</tr></thead>\n" : "")
            + "<tbody>\n\(body.joined())</tbody></table></div>\n"
    }

    /// A legend: each name with a sample of its line or area.
    static func legend(_ entries: [(name: String, tone: ChartTone, opacity: Double)]) -> String {
        let items = entries.map { entry in
            "<span><svg width=\"14\" height=\"10\" aria-hidden=\"true\">"
                + "<rect class=\"area \(entry.tone.rawValue)\" y=\"\(entry.opacity < 1 ? 0 : 3)\" "
                + "width=\"14\" height=\"\(entry.opacity < 1 ? 10 : 4)\" rx=\"2\" "
                + "fill-opacity=\"\(Markup.number(entry.opacity))\"/></svg>"
                + "\(Markup.escape(entry.name))</span>"
        }
        return "<div class=\"legend\">\(items.joined())</div>\n"
    }
}
