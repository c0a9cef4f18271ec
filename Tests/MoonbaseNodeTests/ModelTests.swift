import Testing

@testable import MoonbaseNode

@Suite struct FilePathTests {
    static let rows: [(path: String, normal: String?)] = [
        ("/a", "/a"), ("/a/b.txt", "/a/b.txt"), ("/a/./b", "/a/b"), ("/a//b", "/a/b"),
        ("/a/../b", "/b"), ("/a/b/../../c", "/c"), ("/...", "/..."), ("a", nil), ("", nil),
        ("/", nil), ("/a/", nil), ("/a/.", nil), ("/a/..", nil), ("/..", nil), ("/../a", nil),
        ("/a/../../b", nil), ("/a\0b", nil), ("/a/\u{301}b", "/a/\u{301}b"),
        ("/../\u{301}a", nil), ("/a/../../\u{301}b", nil), ("/\u{301}/../..", nil),
    ]

    @Test(arguments: rows)
    func `a path has one form, or is refused`(path: String, normal: String?) {
        #expect((try? FilePath.normal(path)) == normal)
    }

    @Test func `the folders above a path`() {
        #expect(FilePath.parents(of: "/a/b/c") == ["/a", "/a/b"])
        #expect(FilePath.parents(of: "/a") == [])
        #expect(FilePath.parents(of: "/a/\u{301}b") == ["/a"])
        #expect(FilePath.name(of: "/a/\u{301}b") == "\u{301}b")
    }
}

@Suite struct PodTests {
    @Test func `stopping a container stops what stands on it`() {
        let pod = Pod(name: "p", process: "orbitdb", phase: .running)
        #expect(pod.stopped(after: "stop", of: "ipfs") == ["ipfs", "orbitdb"])
        #expect(pod.stopped(after: "stop", of: nil) == ["libp2p", "ipfs", "orbitdb"])
    }

    @Test func `starting a container starts what it stands on`() {
        var pod = Pod(name: "p", process: "orbitdb", phase: .running)
        pod.stopped = ["libp2p", "ipfs", "orbitdb"]
        #expect(pod.stopped(after: "start", of: "ipfs") == ["orbitdb"])
        #expect(pod.stopped(after: "restart", of: nil).isEmpty)
    }

    @Test func `a name is built by one alone`() throws {
        let bay = PodBay(.init())
        try bay.reserve("p", process: "libp2p")
        #expect(throws: Refusal.self) { try bay.reserve("p", process: "libp2p") }
        #expect(throws: Refusal.self) { try bay.pod("p") }
        bay.built("p")
        #expect(try bay.pod("p").running == ["libp2p"])
        try bay.beginDelete("p")
        #expect(throws: Refusal(404, "there is no pod p")) { try bay.beginDelete("p") }
        bay.deleted("p")
        #expect(bay.snapshot.containersStarted == bay.snapshot.containersStopped)
    }
}

@Suite struct RecordCacheTests {
    @Test func `a read that began before a write is not kept after it`() {
        let cache = RecordCache()
        let stamp = cache.stamp(of: 1)
        cache.forget("k", in: 1)
        cache.keep([1], of: "k", in: 1, stamp: stamp)
        #expect(cache.body(of: "k", in: 1) == nil)
        cache.keep([2], of: "k", in: 1, stamp: cache.stamp(of: 1))
        #expect(cache.body(of: "k", in: 1) == [2])
        #expect(cache.body(of: "k", in: 2) == nil)
    }

    @Test func `keys that look alike are two`() throws {
        let cache = RecordCache()
        // Equal by Unicode's canonical equivalence, and of one place in the table.
        let (one, other) = try #require(Self.alike)
        cache.keep([1], of: one, in: 1, stamp: cache.stamp(of: 1))
        #expect(cache.body(of: one, in: 1) == [1])
        #expect(cache.body(of: other, in: 1) == nil)
        cache.forget(other, in: 1)
        #expect(cache.body(of: one, in: 1) == [1])
    }

    private static var alike: (String, String)? {
        for number in 0..<100_000 {
            let (one, other) = ("\(number)\u{e9}", "\(number)e\u{301}")
            if RecordCache.slot(one, 1) == RecordCache.slot(other, 1) { return (one, other) }
        }
        return nil
    }
}
