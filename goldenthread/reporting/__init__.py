"""Documents for readers: reports and their figures."""
