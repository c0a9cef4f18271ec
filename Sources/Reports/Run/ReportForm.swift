/// The forms that a report can take, by their names.
public struct ReportForm: RawRepresentable, CaseIterable, Sendable, Equatable {
    /// Every form, in the order that messages have.
    public static let allCases = [
        ReportForm(TerminalReport.self), ReportForm(MarkdownSummary.self),
        ReportForm(JSONReport.self), ReportForm(JUnitReport.self), ReportForm(CSVReport.self),
        ReportForm(HTMLReport.self),
    ]

    /// The form for people at a terminal.
    public static let text = ReportForm(TerminalReport.self)

    let report: any Report.Type

    /// A form by what makes it.
    public init(_ report: any Report.Type) { self.report = report }

    /// A form by its name; `nil` if there is none of that name.
    public init?(rawValue: String) {
        guard let form = Self.allCases.first(where: { $0.rawValue == rawValue }) else {
            return nil
        }
        self = form
    }

    /// What `--format` calls it.
    public var rawValue: String { report.name }

    /// The report in this form; `isColoured` where it goes to a terminal that takes colour,
    /// `hasMethod` to say how each verdict was found, which forms but text and Markdown always do.
    public func text(
        _ model: ReportModel, isColoured: Bool = false, hasMethod: Bool = false
    ) -> String {
        report.text(model, isColoured: isColoured, hasMethod: hasMethod)
    }
}
