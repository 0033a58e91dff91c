"""What Deltaboard's speed is, as ratios measured in one run; `python3 -m benchmarks` lists the benchmarks."""
