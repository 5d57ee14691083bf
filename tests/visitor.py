"""Somebody at a desk without a browser: opens pages, follows links and sends forms as the pages have them.

Fields, boxes, buttons and links are found by the words beside them; what nobody touches is sent as it stands.
"""

from __future__ import annotations

from urllib.parse import urlencode, urljoin

from lxml import html

NOT_SENT = ("submit", "button", "reset", "image")


class Stopped(AssertionError):
    """What stopped her: the page says something is wrong, or has not what she looked for."""


class Visitor:
    """One person with one page open."""

    def __init__(self, client, person=None):
        self.client = client
        if person is not None:
            client.force_login(person)

    def sign_in(self, person):
        """Be somebody else from now on."""
        self.client.force_login(person)

    def open(self, url, *, data=None):
        """Open an address, or send something to it."""
        answer = (
            self.client.get(url, follow=True) if data is None else self.client.post(url, data, follow=True)
        )
        assert answer.status_code < 500, url
        self.url = answer.redirect_chain[-1][0] if answer.redirect_chain else url
        self.status = answer.status_code
        self.page = html.fromstring(answer.content.decode())
        return self

    def said(self):
        """The words of the page, without those of its menu."""
        return words(self.page.xpath("//main")[0])

    def see(self, *sentences):
        """All of this stands on the page."""
        for sentence in sentences:
            if sentence not in self.said():
                raise Stopped(f"“{sentence}” does not stand on {self.url}: {self.said()}")
        return self

    def faults(self):
        """What the summary of errors says."""
        return [
            words(one) for one in self.page.xpath("//*[contains(@class, 'govuk-error-summary__list')]//li")
        ]

    def links(self):
        """The links of the page by their words, the first of each."""
        found = {}
        for link in self.page.xpath(
            "//main//a[@href] | //*[contains(@class, 'govuk-breadcrumbs')]//a[@href]"
        ):
            found.setdefault(words(link), link.get("href"))
        return found

    def follow(self, *names):
        """Follow links one after the other, each by its words or by what it changes."""
        for name in names:
            found = self.links()
            there = next((found[one] for one in (name, f"Change {name}") if one in found), None)
            if there is None:
                raise Stopped(f"No link “{name}” on {self.url}; there are: {', '.join(found)}")
            self.open(urljoin(self.url, there))
        return self

    def press(self, button, ticked=(), unticked=(), picked=None, files=None, **filled):
        """Fill in the form that has this button, and send it; what the page refuses is raised."""
        for link in self.page.xpath("//main//a[@role='button']"):
            if words(link) == button:
                return self.open(urljoin(self.url, link.get("href")))
        form, pressed = self._form_with(button)
        fields = Fields(form, self.url)
        for label, value in filled.items():
            fields.fill(label.replace("_", " "), value)
        for label, value in (picked or {}).items():
            fields.pick(label, value)
        for label in ticked:
            fields.tick(label)
        for label in unticked:
            fields.untick(label)
        data = fields.sent() | dict(files or {})
        if pressed.get("name"):
            data[pressed.get("name")] = pressed.get("value", "")
        where = urljoin(self.url, pressed.get("formaction") or form.get("action") or self.url)
        if form.get("method", "get").lower() == "post":
            self.open(where, data=data)
        else:
            self.open(f"{where.split('?')[0]}?{query(data)}")
        if wrong := self.faults() or self.alarms():
            raise Stopped(f"{button} on {self.url}: {'; '.join(wrong)}")
        return self

    def alarms(self):
        """What a banner says that is no success."""
        found = [words(one) for one in self.page.xpath("//*[@role='alert']")]
        return [one for one in found if one.startswith("There is a problem")]

    def _form_with(self, name):
        for button in self.page.xpath("//button | //input[@type='submit']"):
            if (words(button) or button.get("value")) == name:
                owner = button.get("form")
                forms = (
                    self.page.xpath("//form[@id=$id]", id=owner) if owner else button.xpath("ancestor::form")
                )
                if forms:
                    return forms[0], button
        found = ", ".join(words(one) for one in self.page.xpath("//main//button"))
        raise Stopped(f"No button “{name}” on {self.url}; there are: {found}")


def reads(said, name):
    """Whether words on a page are a name, which pages begin with a capital."""
    return said in (name, name[:1].upper() + name[1:])


class Fields:
    """The fields of one form, by the words beside them."""

    def __init__(self, form, url):
        self.form, self.url = form, url
        self.controls = [one for one in form.xpath(".//input | .//select | .//textarea") if one.get("name")]
        self.values = {id(one): value_of(one) for one in self.controls}

    def fill(self, label, value):
        """Type into a box."""
        self.values[id(self._control(label, ("input", "textarea")))] = value

    def pick(self, label, value):
        """Choose from a list, or the one of a group, by the words of the choice."""
        for group in self.form.xpath(".//fieldset"):
            if words_of_legend(group) == label:
                radios = group.xpath(".//input[@type='radio']")
                return self._choose(radios, value)
        select = self._control(label, ("select",))
        for option in select.xpath(".//option"):
            if reads(words(option), value) or option.get("value") == value:
                self.values[id(select)] = option.get("value", words(option))
                return None
        offered = "; ".join(words(one) for one in select.xpath(".//option"))
        raise Stopped(f"“{label}” on {self.url} does not offer “{value}”, but: {offered}")

    def _choose(self, radios, value):
        for radio in radios:
            self.values[id(radio)] = None
        for radio in radios:
            if self._label_of(radio) == value:
                self.values[id(radio)] = radio.get("value", "on")
                return
        offered = "; ".join(self._label_of(one) for one in radios)
        raise Stopped(f"“{value}” is not offered on {self.url}, but: {offered}")

    def tick(self, label):
        """Tick a box, by its words or by those of its group and its own; a round one too."""
        box = self._box(label)
        if box.get("type") == "radio":
            for one in self.controls:
                if one.get("name") == box.get("name") and one.get("type") == "radio":
                    self.values[id(one)] = None
        self.values[id(box)] = box.get("value", "on")

    def untick(self, label):
        """Take the tick out."""
        self.values[id(self._box(label))] = None

    def _box(self, label):
        group, own = label if isinstance(label, tuple) else (None, label)
        boxes = [one for one in self.controls if one.get("type") in ("checkbox", "radio")]
        for box in boxes:
            around = box.xpath("ancestor::fieldset[1]")
            over = words_of_legend(around[0]) if around else ""
            if reads(self._label_of(box), own) and group in (None, over):
                return box
        offered = "; ".join(self._label_of(one) for one in boxes)
        raise Stopped(f"No box “{label}” on {self.url}; there are: {offered}")

    def _control(self, label, tags):
        for one in self.controls:
            if one.tag in tags and self._label_of(one) == label:
                return one
        offered = "; ".join(self._label_of(one) for one in self.controls if one.get("type") != "hidden")
        raise Stopped(f"No field “{label}” on {self.url}; there are: {offered}")

    def _label_of(self, control):
        labels = self.form.xpath(".//label[@for=$id]", id=control.get("id") or "")
        return words(labels[0]) if labels else ""

    def sent(self):
        """Names and values as a browser sends them."""
        found = {}
        for one in self.controls:
            value = self.values[id(one)]
            if value is None or one.get("type") in NOT_SENT or one.get("disabled") is not None:
                continue
            found.setdefault(one.get("name"), []).append(value)
        return found


def value_of(control):
    """What a field sends that nobody touches; None where it sends nothing."""
    kind = control.get("type", "text")
    if control.tag == "select":
        chosen = control.xpath(".//option[@selected]") or control.xpath(".//option")[:1]
        return chosen[0].get("value", words(chosen[0])) if chosen else None
    if control.tag == "textarea":
        return (control.text or "").removeprefix("\n").replace("\n", "\r\n")
    if kind in ("checkbox", "radio"):
        return control.get("value", "on") if control.get("checked") is not None else None
    return None if kind == "file" else control.get("value") or ""


def words(element):
    """The words of an element on one line."""
    return " ".join(element.text_content().split())


def words_of_legend(group):
    """The words over a group."""
    found = group.xpath("./legend")
    return words(found[0]) if found else ""


def query(data):
    """Names and values as an address has them."""
    return urlencode(data, doseq=True)
