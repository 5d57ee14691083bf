"""Benchmarks: plain scripts that make an installation of a council's size and measure ratios in one run.

`./run benchmark [pages|month|import] [--size 10]`; docs/reference/performance.md holds the results.
"""
