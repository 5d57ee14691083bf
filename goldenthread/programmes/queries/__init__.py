"""Answers about cycles, draws, allocations and coverage that join several tables."""

from goldenthread.programmes.queries.coverage import CoverageRow, coverage, coverage_of

__all__ = ["CoverageRow", "coverage", "coverage_of"]
