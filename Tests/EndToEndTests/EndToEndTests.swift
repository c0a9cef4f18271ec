import Testing

/// Everything that runs the built programs, one after another: two loads at once would measure each
/// other.
@Suite(.serialized, .enabled(if: Program.folder != nil)) struct EndToEndTests {}
