import ArgumentParsing
import Reports
import Verdicts

/// The form of a capacity on standard output.
enum CapacityFormat: String, CaseIterable {
    case text
    case markdown
    case json
    case html

    init(_ name: String?) throws(UsageError) {
        guard let format = Self(rawValue: name ?? "text") else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("--format is one of \(known), not \"\(name ?? "")\"")
        }
        self = format
    }

    func text(_ capacity: Capacity) -> String {
        switch self {
        case .text: CapacityReport.text(capacity)
        case .markdown: CapacityReport.markdown(capacity)
        case .json: CapacityReport.json(capacity)
        case .html: CapacityReport.html(capacity)
        }
    }

    func text(_ plan: CapacityPlan) -> String {
        switch self {
        case .text: CapacityPlanReport.text(plan)
        case .markdown: CapacityPlanReport.markdown(plan)
        case .json: CapacityPlanReport.json(plan)
        case .html: CapacityPlanReport.html(plan)
        }
    }
}
