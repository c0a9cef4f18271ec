"""The benchmarks of Scripts/bench: loadgen beside its peers, in the same minutes."""
