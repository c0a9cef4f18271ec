/// The forms that a report can take.
public enum ReportForm: String, Sendable, CaseIterable {
    case text
    case markdown
    case json
    case junit
    case csv
    case html

    /// The report in this form; `isColoured` where it goes to a terminal that takes colour.
    public func text(_ model: ReportModel, isColoured: Bool = false) -> String {
        switch self {
        case .text: TerminalReport.text(model, isColoured: isColoured)
        case .markdown: MarkdownSummary.text(model)
        case .json: JSONReport.text(model)
        case .junit: JUnitReport.text(model)
        case .csv: CSVReport.text(model)
        case .html: HTMLReport.text(model)
        }
    }
}
