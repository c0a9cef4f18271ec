import Evidence
import Measurements
import Statistics
import Verdicts

extension ReportModel {
    private static let maximumStacks = 5
    private static let maximumFrames = 6

    /// The stacks that grew, each with bytes and share, its callers in lines of their own; the
    /// sizes of objects that grew where the heap was not profiled; empty where nothing leaks.
    var heap: [Row] {
        guard let heap = verdict.heap else { return [] }
        let span =
            "from \(Figure.significant(heap.firstSeconds)) s to "
            + "\(Figure.significant(heap.lastSeconds)) s"
        guard !heap.stacks.isEmpty else { return sizes(heap, span) }
        let head: Row = ["grown stacks, \(span)", "bytes", "share", "objects", "B a request"]
        return [head]
            + heap.stacks.prefix(Self.maximumStacks).flatMap { stack -> [Row] in
                let perRequest = stack.bytes / Double(max(1, heap.requests))
                let own: Row = [
                    stack.function, Figure.bytes(UInt64(clamping: stack.bytes)),
                    "\(Figure.significant(stack.share * 100)) %",
                    Figure.significant(stack.objects, digits: 3),
                    Figure.significant(perRequest, digits: 3),
                ]
                return [own] + callers(stack).map { ["  from \($0)", "", "", "", ""] }
            }
    }

    private func callers(_ stack: HeapGrowth.Stack) -> ArraySlice<String> {
        guard let own = stack.frames.firstIndex(of: stack.function) else { return [] }
        return stack.frames.dropFirst(own + 1).prefix(Self.maximumFrames)
    }

    private func sizes(_ heap: HeapGrowth, _ span: String) -> [Row] {
        let growing = heap.sizes.filter { $0.objects > 0 }
        guard !growing.isEmpty else { return [] }
        let head: Row = ["grown sizes, \(span)", "bytes", "objects"]
        return [head]
            + growing.prefix(Self.maximumStacks).map { size in
                [
                    "objects of \(Figure.bytes(size.sizeBytes))",
                    Figure.bytes(UInt64(clamping: Double(size.sizeBytes) * Double(size.objects))),
                    Figure.whole(Int(clamping: size.objects)),
                ]
            }
    }

    /// What would name the function that leaks; `nil` if the report has it, or nothing leaks.
    var heapHint: String? {
        guard verdict.verdict == .fail || verdict.heap != nil else { return nil }
        if let problem = verdict.heap?.problem { return "no stacks: \(problem)" }
        let isLeaking = (verdict.leaks ?? []).contains {
            $0.subject == "target" && $0.isMemory && $0.verdict == .fail
        }
        guard isLeaking, verdict.heap?.stacks.isEmpty ?? true else { return nil }
        // Heaps are looked at in the quiet moments between rounds.
        let rounds = evidence.troughs.isEmpty ? "give the load rounds, and " : ""
        return "to see the stacks that grow, \(rounds)start the target with loadgen exec "
            + "--profile-heap"
    }
}
