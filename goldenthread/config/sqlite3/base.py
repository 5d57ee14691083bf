"""The connection to SQLite."""

from pathlib import Path

from django.db.backends.sqlite3 import base

from goldenthread.config.sqlite3 import turns

PATIENCE = 10  # seconds; SQLite's own lock is waited for after them


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, whose transactions begin in the order in which they were asked for."""

    _turn: turns.Turn | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if not self.is_in_memory_db():
            self._turn = turns.take(Path(self.settings_dict["NAME"]), patience=PATIENCE)
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_back()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._give_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give_back()

    def _give_back(self) -> None:
        turn, self._turn = self._turn, None
        if turn:
            turn.give_back()
