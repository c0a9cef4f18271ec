/// The forms that a report can take.
public enum ReportForm: String, Sendable, CaseIterable {
    case text
    case markdown
    case json
    case junit
    case csv
    case html

    /// The report in this form; `isColoured` where it goes to a terminal that takes colour,
    /// `hasMethod` to say how each verdict was found, which forms but text and Markdown always do.
    public func text(
        _ model: ReportModel, isColoured: Bool = false, hasMethod: Bool = false
    ) -> String {
        switch self {
        case .text: TerminalReport.text(model, isColoured: isColoured, hasMethod: hasMethod)
        case .markdown: MarkdownSummary.text(model, hasMethod: hasMethod)
        case .json: JSONReport.text(model)
        case .junit: JUnitReport.text(model)
        case .csv: CSVReport.text(model)
        case .html: HTMLReport.text(model)
        }
    }
}
