"""Who works where, in which post, on which dates; sign-in."""
