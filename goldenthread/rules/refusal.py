"""How a rule says no: in a sentence that the user can read."""


class Refused(Exception):
    """Something the rules do not allow; its text is shown to the user and says what to do."""
