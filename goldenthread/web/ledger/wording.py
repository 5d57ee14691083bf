"""Events of the ledger in words for people."""

WORDS = {
    "alert.answer": "Safety alert answered",
    "alert.escalate": "Safety alert went to the next stage",
    "alert.raise": "Safety alert raised",
    "audit.answer": "Answer saved",
    "audit.arrange_conversation": "Conversation arranged",
    "audit.earlier_work": "Earlier work commented on",
    "audit.judge": "Grade given",
    "audit.record_conversation": "Conversation recorded",
    "audit.replace_auditor": "Auditor replaced",
    "audit.skip_section": "Section left out",
    "audit.take_up_section": "Section taken up again",
    "caseload.import": "Extract loaded",
    "caseload.undo": "Import undone",
    "cycle.allocate": "Audits allocated",
    "cycle.ask_for_allocation": "Allocation asked for",
    "cycle.drop_unfilled": "Audits that nobody can do left out",
    "cycle.give_up_allocation": "Allocation ended without an answer",
    "cycle.place_reaudits": "Re-audits placed",
    "cycle.plan_year": "Year planned",
    "cycle.send": "Audits sent",
    "cycle.set_theme": "Theme set",
    "draft.begin": "Draft of a framework begun",
    "draft.discard": "Draft of a framework discarded",
    "draft.offer": "Draft of a framework offered to be published",
    "draft.save": "Draft of a framework saved",
    "draft.send_back": "Draft of a framework sent back",
    "draw.abandon": "Draw abandoned",
    "draw.draw": "Cases drawn",
    "draw.freeze": "Frame frozen",
    "draw.replace_pick": "Pick replaced",
    "episode.closed": "Missing case settled: it is closed",
    "episode.gone": "Missing case settled: it was never one",
    "episode.still_open": "Missing case settled: it is still open",
    "extract.abandon": "Extract abandoned",
    "extract.ask": "Extract has new columns",
    "extract.confirm": "Extract confirmed",
    "extract.hold_back": "Extract could not be loaded",
    "extract.map": "Columns of an extract named",
    "extract.preview": "Extract ready to be confirmed",
    "extract.refuse": "Extract could not be read",
    "extract.upload": "Extract uploaded",
    "finding.record": "Finding noted",
    "finding.withdraw": "Finding taken back",
    "framework.publish": "Framework published",
    "framework.set_publishing": "Who publishes a framework settled",
    "notice.retry": "Notice to be tried again",
    "notices.deliver": "Notices delivered",
    "people.load": "People loaded from a file",
    "person.add": "Person added",
    "person.close_account": "Account closed",
    "person.confirm": "Person confirmed",
    "person.invite": "Person invited",
    "person.join": "Person found to be one already known",
    "person.make_administrator": "Administrator made",
    "person.set_password": "Password set",
    "slot.drop": "Audit left out",
    "slot.edit": "Auditor chosen by hand",
    "target.set": "Target set",
    "tasks.pass_on": "Tasks passed on",
    "tasks.remind": "Reminders written",
    "unit.confirm": "Unit confirmed",
    "unit.join": "Unit found to be one already known",
}
STEP = "audit."
"""Events of an audit that have no words here are steps of its framework's flow, by their own names."""


def in_words(what: str) -> str:
    """What was done, for people: “Answer saved”, “Step taken: submit”."""
    if what in WORDS:
        return WORDS[what]
    if what.startswith(STEP):
        return f"Step taken: {what.removeprefix(STEP)}"
    return what.replace(".", ": ").replace("_", " ")
