/// A form that a run's report can take: one file, and one line in `ReportForm.allCases`.
public protocol Report: Sendable {
    /// What `--format` calls it.
    static var name: String { get }
    /// The file beside a run's evidence that has it; `nil` if none has.
    static var fileName: String? { get }

    /// The report, with the same figures as the others.
    static func text(_ model: ReportModel, _ style: ReportStyle) -> String
}

/// What the reader of a report can take, and asks for.
public struct ReportStyle: Sendable {
    /// Whether it goes to a terminal that takes colour.
    public var isColoured = false
    /// Whether text and Markdown say how each verdict was found, which the other forms always do.
    public var hasMethod = false
}

extension Report {
    /// Most forms are made when they are asked for.
    public static var fileName: String? { nil }

    /// The report; `isColoured` where it goes to a terminal that takes colour, `hasMethod` to say
    /// how each verdict was found, which forms but text and Markdown always do.
    public static func text(
        _ model: ReportModel, isColoured: Bool = false, hasMethod: Bool = false
    ) -> String {
        text(model, ReportStyle(isColoured: isColoured, hasMethod: hasMethod))
    }
}
