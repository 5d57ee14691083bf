"""The framework packs that ship with the product, by their keys."""

from __future__ import annotations

from pathlib import Path

from goldenthread.rules.refusal import Refused

PACKS = Path(__file__).resolve().parents[2] / "packs"


def shipped() -> list[str]:
    """The keys of the packs that ship with the product."""
    return sorted(path.stem for path in PACKS.glob("*.yaml"))


def titles_of_shipped() -> list[tuple[str, str]]:
    """The keys and titles of the packs that ship with the product."""
    return [(key, _title_in(read_file(key))) for key in shipped()]


def skeleton() -> str:
    """The smallest framework that makes sense, to begin a draft with."""
    return (PACKS / "skeleton" / "new-framework.yaml").read_text(encoding="utf-8")


def read_file(name: str) -> str:
    """The document in a file, or the shipped pack of that name."""
    path = Path(name)
    if not path.exists() and name in shipped():
        path = PACKS / f"{name}.yaml"
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{name} is not text in UTF-8. Save it as UTF-8 and try again.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Refused(
            f"{name} cannot be read: {reason}. Give the path of a file, or the name of one that ships "
            f"with Golden Thread: {', '.join(shipped())}."
        ) from None


def _title_in(document: str) -> str:
    """The title of a shipped pack, which stands on a line of its own."""
    found = next(line for line in document.splitlines() if line.startswith("title:"))
    return found.removeprefix("title:").strip()
