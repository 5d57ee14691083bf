"""The drawing of a flow: every state once, every step once, nothing on top of anything else."""

from itertools import combinations
from pathlib import Path

from goldenthread.rules.diagrams import HEIGHT, WIDTH, diagram_of
from goldenthread.rules.flow import Flow
from goldenthread.rules.reading import read_pack

PACK = read_pack(
    (Path(__file__).resolve().parents[2] / "goldenthread/packs/adult-social-care.yaml").read_text()
)
FLOW = PACK.flows["audit"]


def test_every_state_is_a_box_and_every_step_a_number():
    drawing = diagram_of(FLOW)

    numbers = sorted(int(one) for arrow in drawing.arrows for one in arrow.numbers.split(", "))
    assert [box.name for box in drawing.boxes] == list(FLOW.states)
    assert numbers == list(range(1, len(FLOW.steps) + 1))


def test_steps_between_the_same_two_states_share_an_arrow():
    arrows = {(arrow.start, arrow.end): arrow.numbers for arrow in diagram_of(FLOW).arrows}

    assert arrows["checking", "returned"] == "5, 6"
    assert arrows["drafted", "drafted"] == "2"


def test_no_two_boxes_lie_on_each_other_and_all_lie_inside():
    drawing = diagram_of(FLOW)

    for one, other in combinations(drawing.boxes, 2):
        assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    assert all(box.x + WIDTH < drawing.width and box.y + HEIGHT < drawing.height for box in drawing.boxes)
    assert all(0 < arrow.x < drawing.width and 0 < arrow.y < drawing.height for arrow in drawing.arrows)


def test_no_two_numbers_stand_on_each_other():
    places = [(arrow.x, arrow.y) for arrow in diagram_of(FLOW).arrows]

    assert all(abs(a[0] - b[0]) > 30 or abs(a[1] - b[1]) > 20 for a, b in combinations(places, 2))


def test_a_step_over_several_rows_goes_round_the_boxes():
    flow = Flow.model_validate(
        {
            "title": "Long",
            "first": "a",
            "states": {name: {"phase": "working", "label": name * 40} for name in "abc"},
            "steps": {
                "on": {"label": "On", "from": ["a"], "to": "b", "by": ["x"]},
                "further": {"label": "Further", "from": ["b"], "to": "c", "by": ["x"]},
                "back": {"label": "Back", "from": ["c"], "to": "a", "by": ["x"]},
            },
        }
    )

    drawing = diagram_of(flow)

    back = next(arrow for arrow in drawing.arrows if arrow.end == "a")
    assert back.x > max(box.x + WIDTH for box in drawing.boxes)
    assert all(len(line) < 30 for box in drawing.boxes for line in box.lines)
