"""Errors that a person can act on. Anything else that is raised is a bug."""

from __future__ import annotations

from collections.abc import Sequence


class UserError(Exception):
    """What happened, in plain words, and what to do about it.

    `message` says what happened, where, the value and what was expected; `remedy` says what to do next;
    `details` lists further cases of the same kind, one sentence each.
    """

    def __init__(self, message: str, remedy: str = "", details: Sequence[str] = ()) -> None:
        self.message = message
        self.remedy = remedy
        self.details = tuple(details)
        super().__init__(" ".join(part for part in (message, remedy) if part))

    def text(self, most_details: int = 10) -> str:
        """The whole error as lines of text; at most `most_details` details are spelled out."""
        lines = [self.message]
        lines += [f"- {detail}" for detail in self.details[:most_details]]
        if len(self.details) > most_details:
            lines.append(f"- and {len(self.details) - most_details} more.")
        if self.remedy:
            lines.append(self.remedy)
        return "\n".join(lines)


class CodebookError(UserError):
    """The files that describe the survey contradict themselves or each other."""


class SettingError(UserError):
    """A setting has a value that cannot be used."""


class RefusedFile(UserError):
    """A file was not taken: it is not an export, is damaged, too large, or fits another form."""


class StoreError(UserError):
    """The store cannot be opened or written."""


class StoreInUse(StoreError):
    """Another program holds the store, or another part of this one: most likely the server, and nothing is wrong."""


class RefusedName(UserError):
    """A name, an address or a role cannot be taken: it is missing, unknown, or someone has it already."""


class UnknownName(UserError):
    """A school, wave, upload or skill was named that does not exist."""


class RefusedAccess(UserError):
    """Someone asked for what their role does not allow."""
