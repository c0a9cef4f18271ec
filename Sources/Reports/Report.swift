/// A format that a report can have: one file, and one line in the list of what is reported.
public protocol Report<Model>: Sendable {
    /// What is reported: a run, a comparison and so on.
    associatedtype Model

    /// What `--format` calls it.
    static var name: String { get }
    /// The file beside the evidence that has it; `nil` if none has.
    static var fileName: String? { get }

    /// The report, with the same figures as the other formats.
    static func text(_ model: Model, _ style: ReportStyle) -> String
}

/// What the reader of a report can take, and asks for.
public struct ReportStyle: Sendable {
    /// Whether it goes to a terminal that takes colour.
    public var isColoured = false
    /// Whether text and Markdown say how each verdict was found, which the other formats always do.
    public var hasMethod = false
}

extension Report {
    /// Most formats are made when they are asked for.
    public static var fileName: String? { nil }

    /// The report; `isColoured` where it goes to a terminal that takes colour, `hasMethod` to say
    /// how each verdict was found, which formats but text and Markdown always do.
    public static func text(
        _ model: Model, isColoured: Bool = false, hasMethod: Bool = false
    ) -> String {
        text(model, ReportStyle(isColoured: isColoured, hasMethod: hasMethod))
    }
}
