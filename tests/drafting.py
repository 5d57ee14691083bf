"""A draft of a framework as somebody changes it page by page, by what stands on the pages alone."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.visitor import reads, words
from tests.workbooks import make_workbook

SINCE = date(2020, 1, 1)
SMALLEST = "The smallest framework that makes sense: one kind of audit, one form, two grades"


class Drafting:
    """A draft that somebody has open."""

    def __init__(self, visitor, begin_with=SMALLEST):
        self.visitor = visitor
        visitor.open("/frameworks/").follow("Begin a draft").press("Begin", [begin_with])
        self.url = visitor.url

    def open(self, *names):
        """Go from the draft to a part, by the links that bear these names or stand beside them."""
        self.visitor.open(self.url).follow(*names)
        return self

    def save(self, *where, ticked=(), unticked=(), picked=None, **filled):
        """Fill in the page of a part and save it."""
        if where:
            self.open(*where)
        self.visitor.press("Save", ticked, unticked, picked, **filled).see("is saved")
        return self

    def add(self, name, *where, ticked=(), unticked=(), picked=None, **filled):
        """Add a part of this name, and fill it in."""
        self.open(*where)
        self.visitor.press("Add", Name_of_another=name)
        if ticked or unticked or picked or filled:
            self.save(ticked=ticked, unticked=unticked, picked=picked, **filled)
        return self

    def remove(self, name, *where):
        """Take a part out."""
        self.open(*where)
        self.visitor.follow(f"Remove: {name}").press("Remove")
        return self

    def copy(self, name, new_name, *where):
        """Copy a part beside itself under a name of its own."""
        self.open(*where)
        self.visitor.press(f"Copy: {name}").follow(f"Rename {name} 2").press("Rename", Name=new_name)
        return self

    def rename(self, name, new_name, *where):
        """Give a part another name, wherever it is named."""
        self.open(*where, name)
        self.visitor.follow(f"Rename {name}").press("Rename", Name=new_name)
        return self

    def line(self, subject, how, value, *where):
        """Add a line to a condition, and say what it compares."""
        return self.open(*where).compare(subject, how, value)

    def compare(self, subject, how, value):
        """Add a line to the condition that is open."""
        self.visitor.press("Add the line", picked={"Add a line about": subject})
        labels = self.visitor.page.xpath("//fieldset//label")
        offered = [one for one in labels if reads(words(one), value)]
        said = {"ticked": [value]} if offered else {"With_what": value}
        self.visitor.press("Save", picked={"It": how}, **said)
        return self

    def check(self):
        """Nothing is wrong with it."""
        self.visitor.open(self.url)
        if "Nothing is wrong with it" not in self.visitor.said():
            self.visitor.follow("Check").see("Nothing is wrong")
        return self

    def preview(self, form, *sentences):
        """The form as auditors will see it."""
        self.visitor.open(self.url).follow("Preview", form).see(*sentences)
        return self

    def publish(self, reason, on):
        """Publish it, once nothing is wrong with it."""
        self.check()
        self.visitor.follow("Publish").press(
            "Publish", Why_there_is_a_new_version=reason, From_which_day_it_holds=f"{on:%d/%m/%Y}"
        ).see("is the newest version")
        return self


def loads_people(visitor, folder, units, staff):
    """Units by reference, name, kind, unit above and, where said, nation; and who holds which post where."""
    nation = ("Nation",) if len(units[0]) > 4 else ()
    path = make_workbook(
        folder / "people.xlsx",
        {
            "Units": [
                ("Reference", "Name", "Kind", "Under", *nation, "From"),
                *((*unit, SINCE) for unit in units),
            ],
            "Staff": [("Staff number", "Name"), *((name, name) for name, _, _ in staff)],
            "Posts": [("Staff number", "Post", "Unit", "From"), *((*one, SINCE) for one in staff)],
        },
    )
    file = SimpleUploadedFile("people.xlsx", path.read_bytes())
    visitor.open("/people/load/").press("Load", files={"file": file})
