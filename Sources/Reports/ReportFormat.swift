public import Evidence
public import Verdicts

/// What there are reports of, with every format that they have.
public protocol Reported: Sendable {
    /// Every format, in the order that messages have; the first is that of people at a terminal.
    static var reports: [any Report<Self>.Type] { get }
}

extension ReportModel: Reported {
    /// The formats of a run.
    public static let reports: [any Report<ReportModel>.Type] = [
        TerminalReport.self, MarkdownSummary.self, JSONReport.self, JUnitReport.self,
        CSVReport.self, HTMLReport.self,
    ]
}

extension ComparisonRecord: Reported {
    /// The formats of a comparison.
    public static let reports: [any Report<ComparisonRecord>.Type] = [
        ComparisonText.self, ComparisonMarkdown.self, ComparisonJSON.self, ComparisonJUnit.self,
        ComparisonPage.self,
    ]
}

extension RepeatRecord: Reported {
    /// The formats of a run that was repeated.
    public static let reports: [any Report<RepeatRecord>.Type] = [
        RepeatText.self, RepeatMarkdown.self, RepeatJSON.self,
    ]
}

extension Capacity: Reported {
    /// The formats of a capacity.
    public static let reports: [any Report<Capacity>.Type] = [
        CapacityText.self, CapacityMarkdown.self, CapacityJSON.self, CapacityPage.self,
    ]
}

extension CapacityPlan: Reported {
    /// The formats of a capacity plan.
    public static let reports: [any Report<CapacityPlan>.Type] = [
        CapacityPlanText.self, CapacityPlanMarkdown.self, CapacityPlanJSON.self,
        CapacityPlanPage.self,
    ]
}

/// One of the formats that a report can have, by its name.
public struct ReportFormat<Model: Reported>: RawRepresentable, CaseIterable, Sendable, Equatable {
    /// Every format, in the order that messages have.
    public static var allCases: [ReportFormat] { Model.reports.map { ReportFormat($0) } }

    /// The format for people at a terminal.
    public static var text: ReportFormat { allCases[0] }

    /// Their names, as in "text, markdown or json".
    public static var names: String {
        let names = allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
    }

    let report: any Report<Model>.Type

    /// A format by what makes it.
    public init(_ report: any Report<Model>.Type) { self.report = report }

    /// A format by its name; `nil` if there is none of that name.
    public init?(rawValue: String) {
        guard let format = Self.allCases.first(where: { $0.rawValue == rawValue }) else {
            return nil
        }
        self = format
    }

    /// What `--format` calls it.
    public var rawValue: String { report.name }

    /// The file beside the evidence that has it; `nil` if none has.
    public var fileName: String? { report.fileName }

    /// The report in this format; `isColoured` where it goes to a terminal that takes colour,
    /// `hasMethod` to say how each verdict was found.
    public func text(
        _ model: Model, isColoured: Bool = false, hasMethod: Bool = false
    ) -> String {
        report.text(model, isColoured: isColoured, hasMethod: hasMethod)
    }
}

extension Reported {
    /// Writes every format that has a file into a folder, over earlier ones.
    ///
    /// - Throws: `EvidenceError` where one cannot be written.
    public func writeReports(to folder: String) throws(EvidenceError) {
        for format in ReportFormat<Self>.allCases {
            guard let fileName = format.fileName else { continue }
            try EvidenceWriter.write(format.text(self), to: "\(folder)/\(fileName)")
        }
    }
}
