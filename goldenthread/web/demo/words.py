"""What the demo's auditors write: made-up sentences that name nobody."""

from __future__ import annotations

from random import Random

RATIONALE = {
    "outstanding": (
        "Detailed, well analysed and kept up to date; the person's own words lead every decision.",
        "The record explains what was weighed and why, and the outcome is better than anyone had expected.",
        "Joint work with health partners was planned, recorded and followed up without a gap.",
    ),
    "good": (
        "Needs and strengths are clear, reasons for the support are recorded, and directions were followed.",
        "The person's wishes are recorded in their own words and the plan answers them.",
        "Risks are named with what was done about each; the review was held on time.",
    ),
    "requires improvement": (
        "The essentials are there, but the analysis is thin and some reasons have to be guessed.",
        "The plan is not always tied to the needs that were found, and the review came late.",
        "Views of the person are recorded once and not returned to.",
    ),
    "inadequate": (
        "There is no record of how the risk was weighed, and a manager's direction was not followed up.",
        "The assessment is out of date and the present support cannot be explained from the file.",
        "Contacts are missing for some weeks and the person's view is not recorded.",
    ),
}
SEEN = (
    "Assessment and review documents, and case notes for the period.",
    "Case notes, supervision record and correspondence with the provider.",
    "The current plan, the last two reviews and the contact record.",
)
GOOD_PRACTICE = (
    "The worker used a story board so that the person could say what a good week looks like.",
    "A carer's assessment was offered early and led to a sitting service within three weeks.",
    "Capacity was assessed for the one decision in question, with an advocate present.",
    "A joint visit with the district nurse settled a risk that two earlier referrals had not.",
    "Supervision notes show reflection, and the change in the plan that came from it.",
    "The review was held at the person's pace over two short visits.",
)
GAPS = (
    "The analysis does not yet say why this support was chosen over the other possibilities.",
    "The person's wishes are recorded at assessment and not revisited at review.",
    "Management decisions are noted without their reasons.",
    "The risk assessment has not been brought up to date since the fall.",
    "It is not recorded whether a carer's assessment was offered.",
    "Case notes were entered up to three weeks after the contact.",
)
ADDED = (
    "The practitioner explained calls that had not been recorded; two of them change the risk.",
    "We agreed on what is strong. The practitioner showed the review, which was filed in another place.",
    "The practitioner described how the family was involved; it will be added to the record this week.",
)
POINTS = (
    "Please say what evidence the grade for planning rests on, and name the date of the review you refer to.",
    "The rationale for risk and the overall grade do not yet fit together. Please look at both again.",
)
KLOE = (
    "Seen in the assessment and in two contacts of the period; recorded in the person's own words.",
    "Present in the plan and followed up at the review. Dates and names of those involved are recorded.",
    "Partly there: the first contact is detailed, later ones are brief.",
)


def pick(random: Random, sentences: tuple[str, ...]) -> str:
    """One of the sentences."""
    return sentences[random.randrange(len(sentences))]
