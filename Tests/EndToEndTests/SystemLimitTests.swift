import Foundation
import Glibc
import Testing

extension EndToEndTests {
    @Suite(.serialized, .timeLimit(.minutes(20))) struct SystemLimitTests {
        private let ping = "run ping --quiet --rate 10/s --duration 1s"

        @Test(arguments: [4, 5, 6, 7, 8, 12, 20, 63])
        func `too few descriptors are said to be, and are no crash`(number: Int) throws {
            for command in ["--version", ping] {
                let result = try Program.shell(
                    "ulimit -n \(number) && exec \(Program.path("loadgen")) \(command)")
                #expect(result.code == 1 && result.output.isEmpty, "\(result.errors)")
                #expect(
                    result.errors == "loadgen: the system gives this process \(number) "
                        + "descriptors, and it needs at least 64; raise the limit (ulimit -n 64)\n")
            }
        }

        @Test func `a soft limit is raised where the hard one lets it`() throws {
            let result = try Program.shell(
                "ulimit -S -n 5 && exec \(Program.path("loadgen")) --version")
            #expect(result.code == 0 && result.output.hasPrefix("loadgen "), "\(result.errors)")
        }

        @Test(arguments: [1, 2, 4])
        func `too few threads are said to be, and are no wait without end`(number: Int) throws {
            // The system does not count those of root.
            let other = "setpriv --reuid 65534 --regid 65534 --clear-groups "
            let line = "ulimit -u \(number) && exec \(Program.path("loadgen"))"
            for command in ["--version", ping] {
                // The bound is of a program that hangs, which would else outlive the test.
                let result = try Program.shell(
                    "\(geteuid() == 0 ? other : "")timeout -k 1 60 bash -c '\(line) \(command)'")
                #expect(result.code == 1 && result.output.isEmpty, "\(result.errors)")
                #expect(result.errors.contains("more threads, and it needs "), "\(result.errors)")
                #expect(result.errors.contains("ulimit -u"))
            }
        }
    }
}
