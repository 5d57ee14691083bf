"""Pages of programmes: the year, a month, its draw, its allocation, coverage."""
