"""How an answer speaks to whoever reads it: in sentences that say what to do, or not."""

import json
import re

SENTENCE = re.compile(r"[A-Z“][^<>]{15,}[.?]")


def words_of(answer):
    """What somebody reads of an answer: the page's own part, the sentences of JSON, or plain text."""
    text = answer.content.decode(errors="replace")
    if "json" in answer["Content-Type"]:
        return " ".join(str(value) for value in json.loads(text).values())
    if "html" in answer["Content-Type"] and "<main" in text:
        main = text.split("<main", 1)[1].split("</main", 1)[0]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "\n", main.split(">", 1)[1]))
    return text


def fault_of(answer):
    """What is wrong with how an answer speaks; empty where it speaks well or leads on."""
    if answer.status_code < 400:
        return ""
    said = words_of(answer)
    if "Bad Request" in said or "Traceback" in said or not SENTENCE.search(said):
        return f"{answer.status_code}: {said[:120]!r}"
    return ""
