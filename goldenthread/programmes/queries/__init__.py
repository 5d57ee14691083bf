"""Answers about cycles, draws, allocations and coverage that join several tables."""
