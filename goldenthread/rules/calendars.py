"""Working days: the bank holidays of a nation and the days an organisation is closed.

A bank holiday counts on the weekday it is kept: 28 December 2026, not Saturday the 26th. Source: the
`holidays` package, which equals the list that GOV.UK publishes (https://www.gov.uk/bank-holidays).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

from goldenthread.rules.refusal import Refused

ENGLAND_AND_WALES = "england-and-wales"
SCOTLAND = "scotland"
NORTHERN_IRELAND = "northern-ireland"
NATIONS = {ENGLAND_AND_WALES: "ENG", SCOTLAND: "SCT", NORTHERN_IRELAND: "NIR"}
ALSO_CALLED = {"england": ENGLAND_AND_WALES, "wales": ENGLAND_AND_WALES, "cymru": ENGLAND_AND_WALES}
"""What people call a nation besides; England and Wales keep the same bank holidays."""

# The early May holiday began in 1978; no clock of this field starts before.
FIRST_KNOWN_YEAR = 1978
# The last year whose dates are published; the package computes later ones too, but cannot know one-off days.
LAST_KNOWN_YEAR = 2028

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Holiday:
    """A weekday on which nobody is expected to work."""

    on: date
    name: str
    is_closure: bool = False


@lru_cache(maxsize=512)
def bank_holidays(nation: str, year: int) -> dict[date, str]:
    """Return the weekdays of one year that are bank holidays in a nation, with their names."""
    listed = country_holidays("GB", subdiv=NATIONS[nation], years=year)
    return {
        day: name for day, name in sorted(listed.items()) if day.year == year and day.weekday() < SATURDAY
    }


def nation_called(text: str) -> str:
    """The nation that people mean by “Wales” or “Northern Ireland”; nothing for no words; else `Refused`."""
    name = "-".join(text.replace("-", " ").casefold().replace("&", "and").split())
    found = ALSO_CALLED.get(name, name)
    if found and found not in NATIONS:
        raise Refused(f"There are no bank holidays of “{text}”. Choose one of {', '.join(NATIONS)}.")
    return found


@dataclass(frozen=True)
class Calendar:
    """The working days of one organisation: its nation's bank holidays and its own closed days."""

    nation: str = ENGLAND_AND_WALES
    closures: frozenset[date] = frozenset()
    last_known_year: int = LAST_KNOWN_YEAR

    def __post_init__(self) -> None:
        """Refuse a nation that has no calendar."""
        if self.nation not in NATIONS:
            raise Refused(f"There is no calendar for {self.nation!r}. Choose one of {', '.join(NATIONS)}.")

    def holiday(self, day: date) -> Holiday | None:
        """Return the bank holiday or closed day that makes a weekday free, if one does."""
        self._must_know(day)
        if day.weekday() >= SATURDAY:
            return None
        if name := bank_holidays(self.nation, day.year).get(day):
            return Holiday(day, name)
        if day in self.closures:
            return Holiday(day, "closed day", is_closure=True)
        return None

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day is neither at a weekend nor a bank holiday nor a closed day."""
        return self.holiday(day) is None and day.weekday() < SATURDAY

    def add_working_days(self, day: date, number: int) -> date:
        """Return the n-th working day after a day, which itself is day 0; a negative number counts back."""
        step = ONE_DAY if number > 0 else -ONE_DAY
        left = abs(number)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def holidays_between(self, after: date, until: date) -> list[Holiday]:
        """Return the weekday holidays later than one day, up to and including another."""
        return [holiday for day in _days(after + ONE_DAY, until) if (holiday := self.holiday(day))]

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days later than one day, up to and including another; backwards, below zero."""
        if until < after:
            return -self.working_days_between(until, after)
        return sum(self.is_working_day(day) for day in _days(after + ONE_DAY, until))

    def first_working_day(self, year: int, month: int) -> date:
        """Return the first working day of a month."""
        return self.add_working_days(date(year, month, 1) - ONE_DAY, 1)

    def last_working_day(self, year: int, month: int) -> date:
        """Return the last working day of a month."""
        day = last_day_of(year, month)
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def _must_know(self, day: date) -> None:
        """Refuse a day whose bank holidays are not published, rather than guess them."""
        if day.year > self.last_known_year:
            raise Refused(
                f"The bank holidays for {self.nation} are known to the end of {self.last_known_year}, "
                f"and this needs {day.year}. Choose an earlier date, or update Golden Thread once later "
                "holidays are published."
            )
        if day.year < FIRST_KNOWN_YEAR:
            raise Refused(
                f"The bank holidays for {self.nation} are known from {FIRST_KNOWN_YEAR}, "
                f"and this needs {day.year}. Check the year of the date."
            )


def last_day_of(year: int, month: int) -> date:
    """Return the last day of a month."""
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - ONE_DAY


def describe_holidays(holidays: Iterable[Holiday]) -> str:
    """Say which days were free and why: "25 and 28 December and 1 January are bank holidays"."""
    listed = sorted(holidays)
    parts = [
        _describe([h.on for h in listed if not h.is_closure], "a bank holiday", "bank holidays"),
        _describe([h.on for h in listed if h.is_closure], "a closed day", "closed days"),
    ]
    return "; ".join(part for part in parts if part)


def _describe(days: list[date], one: str, many: str) -> str:
    """Say what a list of days is, grouping the days of one month."""
    months: dict[tuple[int, int], list[date]] = {}
    for day in days:
        months.setdefault((day.year, day.month), []).append(day)
    groups = [f"{in_words(str(d.day) for d in group)} {group[0]:%B}" for group in months.values()]
    if not groups:
        return ""
    return f"{in_words(groups)} {'are ' + many if len(days) > 1 else 'is ' + one}"


def in_words(items: Iterable[str]) -> str:
    """Join words as a sentence does: "a", "a and b", "a, b and c"; nothing of none."""
    *most, last = list(items) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _days(first: date, last: date) -> Iterator[date]:
    """Yield every day from one to another, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
