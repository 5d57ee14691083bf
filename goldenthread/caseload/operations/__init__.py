"""The only place that writes subjects and what is known of them, by subject."""
