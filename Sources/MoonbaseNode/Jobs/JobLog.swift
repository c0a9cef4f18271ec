/// The newest jobs that have ended: a ring of fixed size.
struct JobLog: Sendable {
    private var records: [JobRecord] = []
    private var next = 0
    let most: Int

    init(most: Int) {
        self.most = most
        records.reserveCapacity(most)
    }

    mutating func add(_ record: JobRecord) {
        if records.count < most {
            records.append(record)
        } else {
            records[next] = record
        }
        next = (next + 1) % most
    }

    /// O(the log's size): asked for by people, not on the way of every request.
    func record(named name: String) -> JobRecord? {
        for step in 1...max(1, records.count) {
            let place = (next - step + most) % most
            if place < records.count, records[place].name == name { return records[place] }
        }
        return nil
    }
}
