import Glibc
import Measurements
import Testing

@testable import Collector

@Suite struct ProcessReaderTests {
    @Test func `Prometheus text gives the figures by their usual names`() {
        let reading = ProcessReader.read(
            prometheus: """
                # HELP jemalloc_stats_allocated_bytes bytes
                # TYPE jemalloc_stats_allocated_bytes gauge
                jemalloc_stats_allocated_bytes 1048576
                jemalloc_stats_active_bytes 2.097152e+06
                jemalloc_stats_resident_bytes 3
                jemalloc_stats_mapped_bytes 4
                jemalloc_stats_retained_bytes 5
                process_resident_memory_bytes 6
                process_cpu_seconds_total 7.25
                process_open_fds 8
                process_threads 9
                http_requests_total{code="200"} 10
                """)
        var want = ProcessReading()
        want.allocatedBytes = 1_048_576
        want.activeBytes = 2_097_152
        (want.jemallocResidentBytes, want.mappedBytes, want.retainedBytes) = (3, 4, 5)
        (want.residentBytes, want.cpuSeconds, want.openFiles, want.threads) = (6, 7.25, 8, 9)
        #expect(reading == want)
    }

    @Test(arguments: [
        "", "<html>not found</html>", "process_resident_memory_bytes", "process_threads NaN",
        "process_threads +Inf", "process_resident_memory_bytes -5",
        "process_resident_memory_bytes 1e300", "process_open_fds{a=\"b\"} 3",
        "# process_threads 4", "process_threads four", "process_open_fds 9223372036854775808",
        "process_open_fds -1", "process_threads 4294967297", "process_cpu_seconds_total 1e300",
        "process_cpu_seconds_total -1e300", "process_start_time_seconds -0.5",
        "jemalloc_stats_allocated_bytes 18446744073709551615", "process_open_fds 1 2 3",
        "jemalloc_stats_allocated_bytes 9007199254740994", "process_threads 1e-400000x",
    ])
    func `what is no figure is nil, not zero`(text: String) {
        #expect(ProcessReader.read(prometheus: text) == ProcessReading())
    }

    @Test func `a line may end in both ways, and say when it was measured`() {
        let page = "process_threads 4\r\nprocess_open_fds\t5 1700000000000\r\n"
        let reading = ProcessReader.read(prometheus: page)
        #expect(reading.threads == 4 && reading.openFiles == 5)
    }

    @Test func `the sum of what processes hold is what it is, or not known`() throws {
        var one = ProcessReading()
        one.residentBytes = ProcessReading.maximumBytes
        one.openFiles = 3
        one.cpuSeconds = 1
        var other = one
        other.cpuSeconds = nil
        let sum = try #require(ProcessReading(sum: [one, other]))
        #expect(sum.openFiles == 6 && sum.residentBytes == nil && sum.cpuSeconds == nil)
        one.openFiles = .max
        #expect(ProcessReading(sum: [one, one])?.openFiles == nil)
    }

    @Test func `this process has memory, CPU time, files and threads`() throws {
        let reading = ProcessReader.readProcess("self")
        #expect(try #require(reading.residentBytes) > 1 << 20)
        #expect(try #require(reading.openFiles) >= 3)
        #expect(try #require(reading.threads) >= 1)
        #expect(try #require(reading.cpuSeconds) > 0)
        #expect(reading.allocatedBytes == nil)
    }

    @Test func `this process's own reading has the allocator's figures too`() throws {
        let reading = ProcessReader.readOwn()
        let allocated = try #require(reading.allocatedBytes)
        let active = try #require(reading.activeBytes)
        let mapped = try #require(reading.mappedBytes)
        let resident = try #require(reading.jemallocResidentBytes)
        #expect(allocated > 0 && allocated <= active && active <= mapped && resident <= mapped)
        #expect(reading.retainedBytes != nil)
    }

    @Test func `a process that is not there has no figures`() {
        #expect(ProcessReader.readProcess("0") == ProcessReading())
        #expect(ProcessReader.readProcess("no such") == ProcessReading())
    }

    @Test func `stolen time is part of all time, and neither goes back`() throws {
        let first = try #require(ProcessReader.readSteal())
        let second = try #require(ProcessReader.readSteal())
        #expect(first.stolen >= 0 && first.total > first.stolen)
        #expect(second.stolen >= first.stolen && second.total >= first.total)
    }
}
