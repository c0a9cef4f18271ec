// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target of the package.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // Debug builds, which the tests use, check exclusive access at run time; so release need not.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]
/// What mostly computes is optimized in debug builds, too, which halves the time of the tests.
let computing: [SwiftSetting] = [
    .unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))
]
/// Pure targets use no unsafe construct without saying so.
let pure = settings + [.strictMemorySafety()]

/// What is C alone needs no library of Swift's: the driver leaves that out for this dialect.
///
/// The probe goes into programs of others, where it has no place; the guard is to start at once.
let withoutSwift: [LinkerSetting] = [
    .unsafeFlags(["-enable-experimental-feature", "Embedded"])
]

/// A Swift target in Sources/NAME.
func target(
    _ name: String, _ dependencies: [Target.Dependency] = [], pure isPure: Bool = false,
    computes: Bool = false, resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, resources: resources,
        swiftSettings: (isPure ? pure : settings) + (computes ? computing : []))
}

/// The tests of a target, in Tests/NAMETests.
func tests(
    _ name: String, _ dependencies: [Target.Dependency], computes: Bool = false
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies,
        swiftSettings: settings + (computes ? computing : []))
}

/// A Debian library: a module map in Sources/CLibraries/NAME.
func library(_ name: String, packages: [String]) -> Target {
    .systemLibrary(name: name, path: "Sources/CLibraries/\(name)", providers: [.apt(packages)])
}

let package = Package(
    name: "loadgen",
    products: [
        .executable(name: "loadgen", targets: ["loadgen"]),
        .executable(name: "moonbase", targets: ["moonbase"]),
        .executable(name: "target-guard", targets: ["target-guard"]),
        .executable(name: "chaos-guard", targets: ["chaos-guard"]),
        .library(name: "AllocatorProbe", type: .dynamic, targets: ["AllocatorProbe"]),
    ],
    targets: [
        .executableTarget(
            name: "loadgen",
            dependencies: [
                "Campaigns", "Reports", "Verdicts", "Evidence", "Profiles", "Contracts",
                "Schedules", "Statistics", "CJemalloc", "AllocatorSettings", "JSON", "EventLoops",
                "Measurements", "Exchanges", "Targets", "ArgumentParsing", "Suggestions",
                "Quantities", "Checker", "Faults", "Sockets",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "moonbase",
            dependencies: [
                "MoonbaseNode", "Contracts", "EventLoops", "CLinux", "CJemalloc", "ArgumentParsing",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "benchmarks",
            dependencies: ["Histograms", "Statistics", "EventLoops", "Checker"],
            swiftSettings: settings),
        .executableTarget(
            name: "calibration",
            dependencies: [
                "Statistics", "Verdicts", "Evidence", "Histograms", "Profiles", "Measurements",
            ],
            swiftSettings: settings),
        target(
            "Campaigns",
            [
                "Checker", "Generator", "Collector", "Evidence", "Verdicts", "Schedules",
                "Profiles", "Contracts", "EventLoops", "Histograms", "JSON", "CLinux", "Statistics",
                "HeapProfiles", "Measurements", "Exchanges", "HTTP1Lane", "HTTPServer", "Sockets",
                "Targets", "Faults",
            ]),
        target(
            "Targets",
            [
                "Profiles", "CProbePage", "Collector", "EventLoops", "Exchanges", "Generator",
                "HTTP1Lane", "Histograms", "LibcurlLane", "Measurements", "Sockets",
            ]),
        target(
            "Faults",
            [
                "CLinux", "CSQLite", "Collector", "EventLoops", "JSON", "Profiles", "Sockets",
                "Statistics",
            ]),
        target("HeapProfiles", ["CElfutils", "Measurements"]),
        target(
            "Reports",
            [
                "Checker", "Verdicts", "Evidence", "Histograms", "Profiles", "Statistics", "JSON",
                "Measurements", "Exchanges",
            ], pure: true,
            resources: [
                .embedInCode("Resources/report.css"), .embedInCode("Resources/report.js"),
            ]),
        target(
            "HTTP1Lane",
            [
                "CLLHTTP", "CLinux", "ContentCodings", "EventLoops", "Exchanges", "Measurements",
                "Sockets",
            ]),
        target(
            "LibcurlLane",
            [
                "CCurl", "CLinux", "COpenSSL", "ContentCodings", "EventLoops", "Exchanges",
                "Measurements", "Sockets",
            ]),
        target("ContentCodings", ["CZlib", "CBrotli", "CZstandard", "Exchanges"]),
        target("HTTPServer", ["EventLoops", "CLinux"]),
        target("Sockets", ["COpenSSL", "CLinux", "EventLoops", "Exchanges"]),
        target("Exchanges", ["Measurements"]),
        target(
            "MoonbaseNode",
            [
                "Contracts", "JSON", "YAML", "EventLoops", "CLLHTTP", "CSQLite", "CCrypto",
                "CUnsyncedFiles", "CJemalloc", "CLinux", "Quantities",
            ]),
        target(
            "Generator",
            [
                "Checker", "Profiles", "Requests", "Schedules", "Contracts", "Collector",
                "EventLoops", "JSON",
                "Statistics", "Measurements", "Exchanges",
            ]),
        target("Requests", ["Checker", "Profiles", "Contracts", "EventLoops", "JSON"]),
        target(
            "Verdicts",
            [
                "Checker", "Evidence", "Statistics", "Profiles", "Histograms", "JSON",
                "Measurements", "Schedules",
            ], pure: true, computes: true),
        target(
            "Collector",
            [
                "Histograms", "EventLoops", "Statistics", "CJemalloc", "CLinux", "CProbePage",
                "Measurements",
            ]),
        target(
            "Evidence", ["Checker", "Histograms", "Profiles", "JSON", "CCrypto", "Measurements"],
            computes: true),
        target("Measurements", ["Histograms", "Statistics"], computes: true),
        target("Schedules", ["Profiles", "Statistics"], pure: true),
        target(
            "Profiles",
            [
                "Contracts", "YAML", "JSON", "Statistics", "Exchanges", "Suggestions", "Quantities",
                "Measurements",
            ]),
        target("ArgumentParsing", ["Suggestions", "Quantities"], pure: true),
        target("Quantities", pure: true),
        target("Suggestions", pure: true),
        target(
            "Contracts", ["YAML", "JSON", "CPCRE2"],
            resources: [.embedInCode("Resources/moonbase-v0.openapi.yaml")]),
        target("YAML", ["JSON", "CYAML"]),
        target("JSON", computes: true),
        target("Histograms", ["CZlib"], computes: true),
        target("Statistics", ["CBoostMath"], pure: true, computes: true),
        target("Checker", ["Statistics"], pure: true, computes: true),
        target("EventLoops", ["CLinux"]),
        .target(
            name: "CLLHTTP", path: "Sources/CLibraries/CLLHTTP",
            // Else it takes any byte for the LF behind a CR, and any two for a chunk's end.
            cSettings: [.define("LLHTTP_STRICT_MODE", to: "1"), .unsafeFlags(["-w"])]),
        .target(
            name: "CUnsyncedFiles", dependencies: ["CSQLite"],
            path: "Sources/CLibraries/CUnsyncedFiles"),
        .target(
            name: "AllocatorProbe", path: "Sources/CLibraries/AllocatorProbe",
            linkerSettings: withoutSwift),
        .target(name: "AllocatorSettings", path: "Sources/CLibraries/AllocatorSettings"),
        .executableTarget(
            name: "target-guard", path: "Sources/CLibraries/TargetGuard",
            linkerSettings: withoutSwift),
        .executableTarget(
            name: "chaos-guard", dependencies: ["CSQLite"],
            path: "Sources/CLibraries/ChaosGuard",
            linkerSettings: withoutSwift + [.linkedLibrary("sqlite3")]),
        .systemLibrary(name: "CProbePage", path: "Sources/CLibraries/CProbePage"),
        .target(name: "CBoostMath", path: "Sources/CLibraries/CBoostMath"),
        .systemLibrary(name: "CLinux", path: "Sources/CLibraries/CLinux"),
        library("CElfutils", packages: ["libdw-dev"]),
        library("CYAML", packages: ["libyaml-dev"]),
        library("CPCRE2", packages: ["libpcre2-dev"]),
        library("CSQLite", packages: ["libsqlite3-dev"]),
        library("CCrypto", packages: ["libssl-dev"]),
        library("CJemalloc", packages: ["libjemalloc-dev"]),
        library("CZlib", packages: ["zlib1g-dev"]),
        library("CBrotli", packages: ["libbrotli-dev"]),
        library("CZstandard", packages: ["libzstd-dev"]),
        library("CCurl", packages: ["libcurl4-openssl-dev"]),
        library("COpenSSL", packages: ["libssl-dev"]),
        tests("Statistics", ["Statistics", "Verdicts"]),
        tests("Schedules", ["Schedules", "Profiles"]),
        tests("Profiles", ["Profiles", "Contracts", "JSON", "Statistics", "YAML", "Exchanges"]),
        tests(
            "EndToEnd",
            [
                "Evidence", "Histograms", "Profiles", "Generator", "Schedules", "Contracts",
                "EventLoops", "Collector", "CLinux", "JSON", "Measurements", "HTTP1Lane",
                "HTTPServer", "Sockets",
            ]),
        tests("Histograms", ["Histograms"]),
        tests("Checker", ["Checker", "Statistics"]),
        tests(
            "Generator",
            [
                "Checker", "Generator", "Requests", "Profiles", "Contracts", "Collector",
                "EventLoops", "Histograms", "Statistics", "CJemalloc", "Measurements", "Exchanges",
            ]),
        .target(
            name: "SampleEvidence",
            dependencies: ["Evidence", "Histograms", "Profiles", "Measurements"],
            path: "Tests/SampleEvidence", swiftSettings: settings + computing),
        .target(
            name: "EvidenceTrial",
            dependencies: [
                "SampleEvidence", "Campaigns", "Evidence", "Verdicts", "Reports", "Profiles",
                "Statistics", "Measurements",
            ], path: "Tests/EvidenceTrial", swiftSettings: settings + computing),
        tests("EvidenceTrial", ["EvidenceTrial", "SampleEvidence", "Verdicts"]),
        tests(
            "Faults",
            [
                "Faults", "CLinux", "CSQLite", "Collector", "EventLoops", "Profiles", "HTTPServer",
                "Sockets",
            ]),
        tests("HeapProfiles", ["HeapProfiles", "Measurements"]),
        tests("JSON", ["JSON"]),
        tests("YAML", ["YAML", "JSON"]),
        tests("Contracts", ["Contracts", "JSON"]),
        tests("EventLoops", ["EventLoops", "CLinux"]),
        tests(
            "Evidence",
            [
                "Evidence", "Contracts", "Histograms", "JSON", "Profiles", "SampleEvidence",
                "Statistics", "Measurements", "Checker",
            ]),
        tests(
            "Verdicts",
            [
                "Checker", "Verdicts", "Collector", "Evidence", "Profiles", "SampleEvidence",
                "Statistics",
                "Measurements",
            ]),
        tests(
            "Reports",
            [
                "Checker", "Reports", "Evidence", "Histograms", "Profiles", "SampleEvidence",
                "Verdicts",
                "JSON", "Measurements", "Exchanges",
            ]),
        tests(
            "Collector", ["Collector", "CProbePage", "Histograms", "Statistics", "Measurements"]),
        tests(
            "Campaigns",
            [
                "Campaigns", "Checker", "Contracts", "EventLoops", "Generator", "Profiles",
                "Schedules",
                "Verdicts", "Exchanges", "Sockets", "Targets", "Evidence", "Measurements",
                "Histograms",
            ]),
        tests(
            "Calibration",
            ["calibration", "Reports", "Statistics", "Verdicts", "Evidence", "Measurements"]),
        tests("ArgumentParsing", ["ArgumentParsing"]),
        tests("Suggestions", ["Suggestions"]),
        tests("Quantities", ["Quantities"]),
        tests(
            "Loadgen",
            [
                "loadgen", "Campaigns", "JSON", "Measurements", "Targets", "ArgumentParsing",
                "Checker", "Reports", "Statistics",
            ]),
        tests(
            "Lanes",
            [
                "Generator", "Collector", "EventLoops", "Profiles", "CLinux", "COpenSSL",
                "Measurements", "Exchanges", "HTTP1Lane", "LibcurlLane", "Sockets",
            ]),
        tests("MoonbaseNode", ["MoonbaseNode", "Contracts", "JSON", "EventLoops"]),
        tests("Tidy", [], computes: true),
    ],
    cxxLanguageStandard: .cxx17
)

// Programs that feed random input to a part; Scripts/fuzz builds them, with a sanitizer.
if Context.environment["LOADGEN_FUZZ"] == "1" {
    package.targets.append(
        .target(name: "FuzzSupport", path: "Tests/Fuzz/Support", swiftSettings: settings))
    /// The program of Tests/Fuzz/NAME, with its seeds and the words that inputs are made of.
    func fuzz(_ name: String, _ dependencies: [Target.Dependency]) {
        package.targets.append(
            .executableTarget(
                name: "fuzz-\(name)", dependencies: dependencies + ["FuzzSupport"],
                path: "Tests/Fuzz/\(name)", exclude: ["seeds", "words.dict"],
                swiftSettings: settings))
    }
    fuzz("HTTP", ["HTTP1Lane", "ContentCodings", "Exchanges", "Generator"])
    fuzz("Node", ["MoonbaseNode", "Contracts", "JSON"])
    fuzz(
        "Profile",
        [
            "Profiles", "Contracts", "Exchanges", "Generator", "JSON", "Requests", "Schedules",
            "Verdicts",
        ])
    fuzz("Contract", ["Contracts", "JSON"])
    package.targets.append(
        .target(
            name: "FuzzedLane",
            dependencies: [
                "Collector", "EventLoops", "FuzzSupport", "Generator", "Profiles", "Measurements",
                "Exchanges", "HTTP1Lane", "LibcurlLane", "Sockets",
            ], path: "Tests/Fuzz/Lane", swiftSettings: settings))
    for lane in ["Loops", "Curl", "Frames"] { fuzz(lane, ["FuzzedLane"]) }
    fuzz(
        "Metrics",
        ["Collector", "Evidence", "Measurements", "Profiles", "Reports", "Verdicts"])
    fuzz("Evidence", ["EvidenceTrial", "Verdicts"])
}
