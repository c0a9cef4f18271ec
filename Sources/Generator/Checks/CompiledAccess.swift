import Checker
import Profiles

/// What a checked step does to its store, made ready.
final class CompiledAccess: Sendable {
    let kind: Checker.Operation.Kind
    /// Where a get has its value; `nil` for any other.
    let source: CompiledStep.Save.Source?
    /// Where a list has its events; `nil` for any other.
    let page: CheckedAccess.Page?
    /// Whether it is a further page.
    let isMore: Bool
    /// Answers that promise that a write never happens.
    let refusalStatuses: [Int]
    /// The field that such an answer has, in lower case; `nil` for any.
    let refusalHeader: [UInt8]?

    init(
        _ access: CheckedAccess, source: CompiledStep.Save.Source?,
        refusals: CheckedSettings.Refusals
    ) {
        self.source = source
        refusalStatuses = refusals.statuses
        refusalHeader = refusals.header.map { Array($0.lowercased().utf8) }
        var (page, isMore): (CheckedAccess.Page?, Bool) = (nil, false)
        switch access {
        case .put: kind = .put
        case .get: kind = .get
        case .delete: kind = .delete
        case .add: kind = .add
        case .list(let first): (kind, page) = (.list, first)
        case .more(let further): (kind, page, isMore) = (.list, further, true)
        }
        self.page = page
        self.isMore = isMore
    }

    /// Whether its answer is looked into for values.
    var isRead: Bool { kind == .get || kind == .list }

    /// Whether it reads the body as JSON.
    var readsJSON: Bool {
        if case .path = source { return true }
        return page != nil
    }

    /// Whether it reads the body at all.
    var readsBody: Bool {
        if case .expression = source { return true }
        return readsJSON
    }

    /// Whether it reads header fields.
    var readsHeaders: Bool {
        if case .header = source { return true }
        return refusalHeader != nil && !refusalStatuses.isEmpty
    }
}
