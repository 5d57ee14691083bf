"""What a browser sends for a form that nobody has touched."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.select = self.text = self.first = None
        self.chosen = False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "input" and name and given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self.sent.append((name, given.get("value", "on")))
        elif tag == "input" and name and given.get("type") != "file":
            self.sent.append((name, value.replace("\n", "")))
        elif tag == "select":
            self.select, self.first, self.chosen = name, None, False
        elif tag == "option" and self.select:
            self.first = value if self.first is None else self.first
            if "selected" in given:
                self.sent.append((self.select, value))
                self.chosen = True
        elif tag == "textarea":
            self.text = (name, [])

    def handle_data(self, data):
        if self.text:
            self.text[1].append(data)

    def handle_endtag(self, tag):
        if tag == "select":
            if not self.chosen and self.first is not None:
                self.sent.append((self.select, self.first))
            self.select = None
        elif tag == "textarea" and self.text:
            name, parts = self.text
            text = "".join(parts).removeprefix("\n")
            self.sent.append((name, text.replace("\n", "\r\n")))
            self.text = None


def sent_by(markup):
    """Names and values as a browser sends them; each name with the list of its values."""
    reader = _Reader()
    reader.feed(str(markup))
    found: dict[str, list[str]] = {}
    for name, value in reader.sent:
        found.setdefault(name, []).append(value)
    return found
