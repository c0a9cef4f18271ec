import Evidence

extension ReportModel {
    /// Whether the objectives are those that the run was made with.
    var hasOwnObjectives: Bool { evidence.description.hasObjectives(of: profile) }

    /// What a reader must know if the objectives are others; `nil` if they are the run's own.
    var foreignObjectives: String? {
        hasOwnObjectives ? nil : "judged by objectives that are not the run's own"
    }
}
