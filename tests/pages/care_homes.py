"""What a provider of care homes in Scotland sets up by the editor's forms: six grades, a panel, files."""

KEY, TITLE = "care-home-grades", "Care homes on six grades"
SIX = ("unsatisfactory", "weak", "adequate", "good", "very good", "excellent")
UNITS = (
    ("O", "Homes of ours", "organisation", "", "Scotland"),
    ("R", "Rowan House", "home", "O", ""),
    ("A", "Ash Court", "home", "O", ""),
)
STAFF = (
    ("Quinn", "quality manager", "O"),
    ("Petra", "panel chair", "O"),
    ("Vera", "visitor", "O"),
    ("Hana", "home manager", "R"),
    ("Iain", "home manager", "A"),
)
SECTIONS = ("Forms", "audit", "Sections")
RULES = ("Grading", "audit", "Rules")
KEY_QUESTIONS = {
    "wellbeing": "How well do we support wellbeing?",
    "leadership": "How good is our leadership?",
}
INDICATORS = {
    "compassion": ("wellbeing", "Compassion, dignity and respect"),
    "health": ("wellbeing", "Health and what keeps people well"),
    "days": ("wellbeing", "Days that are worth living"),
    "vision": ("leadership", "Vision and values in practice"),
    "improvement": ("leadership", "Quality is assured and gets better"),
    "listening": ("leadership", "Leaders are there and listen"),
}
SPLIT = {
    "improvement": ("leadership", "Quality is assured"),
    "learning": ("leadership", "What is learnt makes it better"),
}
AT_MOST = "is at most (this much, this good, or this long ago or ahead)"
IN_APRIL_ALONE = ("days", "listening")
SEEN = "What shows it?"


def sets_up_everything(draft):
    """The whole framework, from the smallest that makes sense."""
    sets_up_people(draft)
    sets_up_the_files(draft)
    sets_up_the_homes(draft)
    sets_up_the_grades(draft)
    sets_up_the_form(draft)
    grades_follow_from_the_indicators(draft)
    sets_up_the_panel(draft)
    sets_up_improvement(draft)
    sets_up_reports(draft)


def sets_up_people(draft):
    """Its name, its half-years, and who does what."""
    draft.save("Name and purpose", Key=KEY, Title=TITLE, Owner="Quality team")
    half_years = {"Cycle": "half-year", "Begins": "April", "Opens": "first day", "Closes": "last day"}
    draft.save("Calendar", picked=half_years)
    sees = ["see audits", "see reports"]
    for post, where in (
        ("panel chair", "anywhere"),
        ("visitor", "anywhere"),
        ("home manager", "the subject's unit"),
    ):
        draft.add(post, "Roles", ticked=sees, picked={"Of": where}, Post=post)


def sets_up_the_files(draft):
    """Two residents' files of each home each half-year, read by the quality manager: a kind of its own."""
    for part, name in (
        ("Forms", "audit"),
        ("Grading", "audit"),
        ("Flows", "audit"),
        ("Pairing", "auditors"),
        ("Selection", "open cases"),
        ("Targets", "monthly audits"),
        ("Audit types", "audit"),
    ):
        draft.copy(name, "files", part)
    uses = {label: "files" for label in ("Form", "Grading", "Flow", "Selection", "Pairing")}
    draft.save("Audit types", "files", Title="Resident file", picked={**uses, "Filing": "kept here"})
    pool = "posts: team manager, quality manager"
    draft.save("Pairing", "files", "Pools", pool, Posts="quality manager")
    draft.save("Pairing", "files", Capacity="20", unticked=["not their own team"])
    draft.save("Targets", "files", Title="Two files a home", Number="2", unticked=["audit"], ticked=["files"])
    draft.save("Selection", "files", picked={"Size": "files"}, unticked=["One per practitioner"])


def sets_up_the_homes(draft):
    """Every home each half-year, by its own manager."""
    draft.add("home", "Subjects", picked={"Come from": "units"})
    draft.save(One="care home", Many="care homes", Units="home", Led_by="home manager")
    kind = {"Subject": "home", "Filing": "kept here"}
    draft.save("Audit types", "audit", Title="Self-evaluation", picked=kind)
    own = {"ticked": ["only their own work"], "unticked": ["not their own work", "not their own team"]}
    draft.save("Pairing", "auditors", **own)
    pool = "posts: team manager, quality manager"
    draft.save("Pairing", "auditors", "Pools", pool, Posts="home manager")
    every = {"picked": {"Strata": "organisation", "Size": ""}, "unticked": ["One per practitioner"]}
    draft.save("Selection", "open cases", **every)
    every = {"Number": "", "Title": "Every home", "ticked": ["Everyone"], "picked": {"Per": "organisation"}}
    draft.save("Targets", "monthly audits", **every)


def sets_up_the_grades(draft):
    """Six grades, the last the best."""
    values = ("Scales", "grades", "Values")
    draft.save("Scales", "grades", picked={"Direction": "worst first"})
    draft.remove("good", *values)
    for number, name in enumerate(SIX, 1):
        good = {"ticked": ["Good"]} if number > 3 else {}
        draft.add(name, *values, Number=str(number), Symbol=str(number), **good)
    draft.remove("needs work", *values)


def sets_up_the_form(draft):
    """Two key questions of three indicators each, with what two of the six grades look like."""
    draft.rename("practice", "wellbeing", *SECTIONS)
    draft.save(*SECTIONS, "wellbeing", Title=KEY_QUESTIONS["wellbeing"])
    draft.remove("what went well", *SECTIONS, "wellbeing", "Questions")
    draft.remove("what to improve", *SECTIONS, "wellbeing", "Questions")
    draft.add("leadership", *SECTIONS, Title=KEY_QUESTIONS["leadership"], ticked=["Graded"])
    for name, (part_of, title) in INDICATORS.items():
        draft.add(name, *SECTIONS, Title=title, ticked=["Graded"], picked={"Part of": part_of})
        draft.add(f"{name} seen", *SECTIONS, name, "Questions", Text=SEEN, picked={"Type": "long text"})
        for grade in ("weak", "very good"):
            draft.open(*SECTIONS, name, "Descriptors").visitor.press("Add")
            draft.save(picked={"Grade": grade}, Points=f"What {grade} looks like for {name}.")
    for name in IN_APRIL_ALONE:
        draft.line("month of the cycle", "is", "April", *SECTIONS, name, "When")


def grades_follow_from_the_indicators(draft):
    """A key question has the grade of its lowest indicator but one; a weak one holds the home down."""
    for name in KEY_QUESTIONS:
        for number, grade in enumerate(SIX, 1):
            because = f"Two of its indicators are {grade} or lower."
            begins_a_rule(draft, "Counting", because, Part=name, Grade=grade, Override="never")
            draft.visitor.follow("Counts").press("Add")
            draft.save(ticked=SIX[:number], At_least="2")
    for name in IN_APRIL_ALONE:
        begins_a_rule(draft, "Carry forward", "It is looked at in April alone.", Part=name)
    for name, title in KEY_QUESTIONS.items():
        begins_a_rule(draft, "Cap", f"“{title}” is weak or lower.", Grade="adequate", Override="never")
        draft.visitor.follow("When")
        draft.compare(name, AT_MOST, "weak")


def begins_a_rule(draft, kind, because, **picked):
    """Add a rule of grading of a kind."""
    draft.open(*RULES).visitor.press("Add")
    draft.save(picked={"This is a": kind}).save(Because=because, picked=picked)


def sets_up_the_panel(draft):
    """A panel grades the same home apart; its chair then gives the grades that count."""
    for name, length, starts in (
        ("panel return", "15 working days", "sending it"),
        ("agree the grades", "10 working days", "the self-evaluation"),
    ):
        timed(draft, name, length, starts, "panel chair")
    panel = {
        "Filled in by": "the role",
        "Role": "panel chair",
        "Sees others": "never",
        "Clock": "panel return",
    }
    draft.add("panel", "Audit types", "audit", "Returns", ticked=["Graded"], picked=panel)
    draft.add("agreed", "Grading", "audit", "Stages", picked={"By": "panel chair"})
    there = ("Flows", "audit", "States")
    panel = [("Shown to", "auditor"), ("Shown to", "panel chair"), ("Edited by", "panel chair")]
    draft.add("with the panel", *there, ticked=panel, picked={"Phase": "working", "Stage": "agreed"})
    draft.save(*there, "final", ticked=[("Shown to", "panel chair"), ("Shown to", "home manager")])
    finish = ("Flows", "audit", "Steps")
    draft.save(
        *finish,
        "finish",
        Label="Send to the panel",
        ticked=[("Starts", "agree the grades")],
        picked={"To": "with the panel"},
    )
    draft.add(
        "agree",
        *finish,
        ticked=[
            ("From", "with the panel"),
            ("By", "panel chair"),
            ("Requires", "grades"),
            ("Requires", "all returns"),
            ("Finishes", "agree the grades"),
        ],
        picked={"To": "final"},
        Label="Agree the grades",
    )


def timed(draft, name, length, starts, owed_by):
    """A clock that skips the holidays of Scotland."""
    draft.add(name, "Clocks", Title=name.capitalize(), Length=length, Starts=starts)
    draft.save(picked={"Owed by": owed_by, "Calendar": "scotland"})


def sets_up_improvement(draft):
    """A plan is agreed within ten working days; a visit six weeks after shows whether it worked."""
    timed(draft, "improvement plan", "10 working days", "the grades", "home manager")
    timed(draft, "visit the home", "20 working days", "the action done", "visitor")
    timed(draft, "close the action", "5 working days", "the visit", "quality manager")
    draft.save("Actions", picked={"Closing": "close the action"})
    draft.add("home", "Actions", "Levels", Text="The home")
    draft.add("must", "Actions", "Severities", Due_within="40 working days", ticked=["Proven"])
    draft.add("visit", "Actions", "Proofs", Title="A visit six weeks later", Not_before="6 weeks")
    draft.save(picked={"By": "observation", "Clock": "visit the home"}, Holds_if="The same is seen again.")
    draft.add("plan", "Responses", Title="Improvement plan", ticked=["audit"])
    draft.visitor.follow("Discussion")
    draft.save(
        ticked=["panel chair"],
        unticked=begun_with(draft),
        picked={"Clock": "improvement plan", "Actions": "needed"},
        Recorded_as="Improvement plan",
    )
    draft.visitor.follow("Note")
    draft.save(Title="Plan after {reference}", Text="{discussed} {actions}")


def begun_with(draft):
    """What a new part names to begin with although it is not there."""
    return [name for name in ("new (not known)",) if name in draft.visitor.said()]


def splits_an_indicator(draft):
    """What was one indicator is asked as two."""
    draft.copy("improvement", "learning", *SECTIONS)
    for name, (_, title) in SPLIT.items():
        draft.save(*SECTIONS, name, Title=title)


def sets_up_reports(draft):
    """Each half-year’s report with the rating of each home by its files; each year’s for relatives."""
    draft.save("Report", ticked=["goals", "follow-up"])
    draft.add("files", "Goals")
    draft.save(
        Title="Files good or better",
        At_least="",
        ticked=["files", "good", "very good", "excellent"],
        unticked=["audit", *begun_with(draft)],
        picked={"Share of": "overall grades", "Per": "team"},
    )
    for from_, title in (("75", "any grade may be given"), ("0", "no better than good")):
        draft.open("Goals", "files", "Ratings").visitor.press("Add")
        draft.save(From=from_, Title=title)
    timed(draft, "send to relatives", "20 working days", "the year’s end", "quality manager")
    draft.add("for relatives", "Reports", Title="How our homes are doing", ticked=["grades", "Without names"])
    draft.save(picked={"Period": "year"})
    draft.add("relatives", "Copies", Title="The year for relatives", Outside="the relatives of each home")
    copied = {"Of": "a report", "Report": "for relatives", "Role": "", "Clock": "send to relatives"}
    draft.save(picked=copied, Ways="Post")
