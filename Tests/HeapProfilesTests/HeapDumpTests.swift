import Testing

@testable import HeapProfiles

@Suite struct HeapDumpTests {
    private static let text = """
        heap_v2/16384
          t*: 3: 3072 [0: 0]
          t0: 3: 3072 [0: 0]
        @ 0x10 0x2f
          t*: 2: 2048 [0: 0]
          t0: 1: 1024 [0: 0]
          t1: 1: 1024 [0: 0]
        @ 0x20
          t*: 1: 1024 [0: 0]

        MAPPED_LIBRARIES:
        56524f863000-56524f864000 r--p 00000000 fe:00 16224623 /tmp/t
        """

    @Test func `sampled objects stand for those that were not sampled`() throws {
        let dump = try HeapDump(parsing: Self.text)
        #expect(dump.sampleBytes == 16384)
        #expect(dump.stacks.count == 2)
        // An object of 1,024 B is sampled with the chance 1 - exp(-1024/16384) = 0.0605870.
        let amount = try #require(dump.stacks[[0x10, 0x2F]])
        #expect((amount.objects - 2 / 0.0605870).magnitude < 0.01)
        #expect((amount.bytes - 2048 / 0.0605870).magnitude < 10)
        #expect(dump.maps.hasPrefix("56524f863000-"))
    }

    @Test(arguments: [
        ("", "line 1: a heap profile of jemalloc begins with heap_v2/"),
        ("heap_v2/x\n", "line 1: a heap profile of jemalloc begins with heap_v2/"),
        ("heap_v2/1\n@ 0x1 zwei\n", "line 2: not a stack of addresses: @ 0x1 zwei"),
        ("heap_v2/inf\n", "line 1: a heap profile of jemalloc begins with heap_v2/"),
        ("heap_v2/1\n@ 0x1\n  t*: 1e300: 3 [0: 0]", "line 3: not objects and bytes:   t*: 1e300"),
        ("heap_v2/1e15\n@ 0x1\n  t*: 9e15: 1 [0: 0]", "line 3: more than a process can hold"),
        ("heap_v2/1\n@ 0x1\n  t*: many: 3 [0: 0]", "line 3: not objects and bytes:   t*: many"),
    ])
    func `a broken dump is told by its line`(text: String, message: String) {
        #expect {
            _ = try HeapDump(parsing: text)
        } throws: { "\($0)".hasPrefix(message) }
    }
}
