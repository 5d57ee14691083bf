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
    "The person chose where and when to meet, and the record says why it mattered to them.",
    "An interpreter was booked for each visit; no relative was asked to translate.",
    "The worker tried direct payments with the family for a month before the plan was settled.",
    "A fall led to a call to the falls clinic on the same day, and to a lower bed the day after.",
    "The plan names what the person does without help, before it names what others do.",
    "A hospital discharge was planned from the first day on the ward, with the carer in the room.",
    "The worker asked about faith and food, and the meals at the day centre changed.",
    "Two agencies had two plans; the worker brought them together in one that the person signed.",
    "The risk of a fire was spoken about openly, and an alarm was fitted that the person had chosen.",
    "The manager's direction, its reason and what came of it stand together in the record.",
    "A short phone call each Friday kept a lonely person in touch until the befriender began.",
    "The person's own chronology was put beside ours, and differences were talked through.",
    "Equipment was ordered before the visit, on what the referral said, and tried out there.",
    "The letter after the review is in plain words, in large print, and no longer than a page.",
    "The worker noticed that bills were unopened and found out, kindly, that reading had become hard.",
    "The person was asked what safe would look like, and the enquiry ended when they said it was.",
    "A sibling who cares from afar was given a part in the plan, by video, with consent recorded.",
    "Respite was arranged at a place that the person had visited and liked.",
    "The record shows a refusal of care respected, with what was left open for another day.",
    "Contacts are written up on the day, short, and each says what happens next.",
    "Strengths were used: a retired cook now runs the lunch club that the plan had meant for them.",
    "The handover to the new worker was a joint visit, so that nobody had to tell their story again.",
    "An advocate was found within a week, and their view changed the decision.",
    "The provider's late calls were counted, raised, and fewer within the month.",
)
GAPS = (
    "The analysis does not yet say why this support was chosen over the other possibilities.",
    "The person's wishes are recorded at assessment and not revisited at review.",
    "Management decisions are noted without their reasons.",
    "The risk assessment has not been brought up to date since the fall.",
    "It is not recorded whether a carer's assessment was offered.",
    "Case notes were entered up to three weeks after the contact.",
    "The plan lists services; what they are to achieve has to be guessed.",
    "Capacity is said to be lacking in general, not for a decision.",
    "A referral to the memory clinic was agreed and cannot be followed in the record.",
    "The review was held by telephone, and it is not said why.",
    "The person's first language is recorded, and yet their daughter interpreted.",
    "Two addresses stand in the record; it is not clear which one holds.",
    "The contingency plan names a neighbour who has moved away.",
    "Contact with the provider is not recorded after concerns about missed calls.",
    "A direction from supervision has no date by which it was to be done.",
    "The chronology ends with the last worker.",
    "Consent to share information was taken once, years ago.",
    "The carer's own health is mentioned and not followed up.",
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
WORRIES = (
    "The record says that three evening calls were missed this fortnight. Nobody has rung the provider.",
    "A neighbour reported shouting at night. I cannot see that anybody has spoken to her alone since.",
    "The last note says that he leaves the gas on. The risk assessment is two years old.",
    "She has lost a lot of weight since the summer, and the district nurse's letter has no answer.",
)
MADE_SAFE = (
    "Visited the same day. A new provider began this morning, and the family knows whom to ring.",
    "Seen alone at home. She is safe tonight, and a safeguarding enquiry has begun.",
    "The gas is turned off and an electric hob is fitted. The risk assessment was written again with him.",
)
NOT_SAFE_YET = (
    "Rang and had no answer, and nobody opened the door. This needs the head of service today.",
    "The provider cannot promise the calls. A decision on another provider is not mine to take.",
)


def pick(random: Random, sentences: tuple[str, ...]) -> str:
    """One of the sentences."""
    return sentences[random.randrange(len(sentences))]
