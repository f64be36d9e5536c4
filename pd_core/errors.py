"""Errors that a person can act on. Any other exception is a bug."""

from __future__ import annotations

from collections.abc import Sequence


class UserError(Exception):
    """What happened, in plain words, and what to do about it.

    `message` says what happened, where, the value and what was expected; `remedy` says what to do next;
    `details` lists more cases of the same kind, one sentence each.
    """

    def __init__(self, message: str, remedy: str = "", details: Sequence[str] = ()) -> None:
        self.message = message
        self.remedy = remedy
        self.details = tuple(details)
        super().__init__(" ".join(part for part in (message, remedy) if part))

    def text(self, most_details: int = 10) -> str:
        """The error as lines of text, with at most `most_details` details."""
        lines = [self.message]
        lines += [f"- {detail}" for detail in self.details[:most_details]]
        if len(self.details) > most_details:
            lines.append(f"- and {len(self.details) - most_details} more.")
        if self.remedy:
            lines.append(self.remedy)
        return "\n".join(lines)


class CodebookError(UserError):
    """The codebook's files contradict themselves or each other."""


class SettingError(UserError):
    """A setting has a value that cannot be used."""


class RefusedFile(UserError):
    """A file was refused: it is not an export, is damaged, is too large, or fits another form."""


class StoreError(UserError):
    """The store cannot be opened or written."""


class StoreInUse(StoreError):
    """Another process, most likely the server, or another part of this one has the store open. Nothing is broken."""


class RefusedName(UserError):
    """A name, an address or a role cannot be used: it is missing, unknown, or already taken."""


class UnknownName(UserError):
    """A school, wave, upload or skill that does not exist."""


class RefusedAccess(UserError):
    """Someone tried something that their role does not allow."""
