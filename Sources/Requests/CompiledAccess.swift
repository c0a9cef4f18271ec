package import Checker
package import Profiles

/// What a checked step does to its store, made ready.
package final class CompiledAccess: Sendable {
    package let kind: Checker.Operation.Kind
    /// Where a get has its value; `nil` for any other.
    package let source: CompiledStep.Save.Source?
    /// Where a list has its events; `nil` for any other.
    package let page: CheckedAccess.Page?
    /// Whether it is a further page.
    package let isMore: Bool
    /// Answers that promise that a write never happens.
    package let refusalStatuses: [Int]
    /// The field that such an answer has, in lower case; `nil` for any.
    package let refusalHeader: [UInt8]?

    package init(
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
    package var isRead: Bool { kind == .get || kind == .list }

    /// Whether it reads the body as JSON.
    package var readsJSON: Bool {
        if case .path = source { return true }
        return page != nil
    }

    /// Whether it reads the body at all.
    package var readsBody: Bool {
        if case .expression = source { return true }
        return readsJSON
    }

    /// Whether it reads header fields.
    package var readsHeaders: Bool {
        if case .header = source { return true }
        return refusalHeader != nil && !refusalStatuses.isEmpty
    }
}
