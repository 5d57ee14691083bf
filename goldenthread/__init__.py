"""Case-file audit and quality assurance for social care and community mental health."""
