"""One of something that is told as if it were many: “1 audits”, “1 working days”, “1 are”."""

import re

ONE = re.compile(r"(?<![\w.,:/–-])1 (are|were|have|(?:[a-z]+ )?[a-z]+s)\b")
SINGULAR = re.compile(r".*(?:ss|us|is)|was|has|as|needs?|series|always|keeps|holds|takes|begins|ends|waits")
"""How the last word may end without being a plural."""


def wrongly_plural(text):
    """Each place where one is told as many, with what stands around it."""
    text = " ".join(text.split())
    return {
        text[max(0, found.start() - 30) : found.end() + 20]
        for found in ONE.finditer(text)
        if not SINGULAR.fullmatch(found[1].split()[-1])
    }
