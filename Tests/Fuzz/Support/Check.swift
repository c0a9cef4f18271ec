import Glibc

// Swift keeps the boxes of its enums at pointers with bits set, which the leak sanitizer does not
// follow: it would call what lives as long as the process lost.
@_silgen_name("__lsan_disable") private func pauseLeakSearch()
@_silgen_name("__lsan_enable") private func resumeLeakSearch()

/// Ends the process where something is wrong, so that the fuzzer keeps the input.
public func check(_ isRight: Bool, _ problem: @autoclosure () -> String) {
    guard !isRight else { return }
    let text = Array("\(problem())\n".utf8)
    _ = write(2, text, text.count)
    abort()
}

/// What is made once, and lives as long as the process.
public func made<Value>(_ make: () throws -> Value) -> Value {
    pauseLeakSearch()
    defer { resumeLeakSearch() }
    do { return try make() } catch {
        // Without it there is nothing to fuzz.
        preconditionFailure("\(error)")
    }
}
