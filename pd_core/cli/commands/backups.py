"""The commands that make a backup while people work, and restore one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pd_core.actions import backups
from pd_core.actions.backups import KeyPlace
from pd_core.cli.context import Shared
from pd_core.storage.backup_file import BackupFile
from pd_core.wording import plural

_KEY_AFTER_BACKUP: Mapping[KeyPlace, str] = {
    "in the backup": "The key is in it: keep the file where only you can read it.",
    "left out": "The key is not in it, as you asked: keep {key} elsewhere. Answers need it.",
    "in PD_KEY": "The key is not in it, because it is in PD_KEY: keep that elsewhere. Answers need it.",
    "none yet": "There is no key yet: the first upload makes it.",
}
_KEY_AFTER_RESTORE: Mapping[KeyPlace, str] = {
    "next to the store": "Its key is next to it.",
    "in PD_KEY": "Its key is in PD_KEY.",
    "none yet": "It needs no key yet: the first upload makes one.",
    "missing": "Its key was not in the backup: put it back as {key} before anyone uploads.",
}


def backup(
    file: Annotated[str, Parameter(help="The backup to write, such as /backups/pd.zip.")],
    /,
    *,
    keep: Annotated[
        int | None, Parameter(metavar="N", help="Keep the N latest: earlier ones get their time in their name.")
    ] = None,
    without_key: Annotated[bool, Parameter(help="Leave out the key, which you keep elsewhere.")] = False,
    call: Shared,
) -> None:
    """Writes a backup of the store and its key to one file.

    The file is replaced only when the new one is whole. `doctor --backup FILE` checks one, `restore FILE` restores it.
    """
    with call.store() as store:
        done = backups.make_backup(store, call.visitor, call.settings, Path(file), keep=keep, with_key=not without_key)
    lines = [
        f"{done.file} has the whole store: {_held(done.made)}, {done.size / 1e6:,.1f} MB.",
        _KEY_AFTER_BACKUP[done.key].format(key=call.settings.key_file),
    ]
    lines += [f"Deleted the older backup {path.name}." for path in done.deleted]
    call.answer(
        "\n".join(lines),
        file=str(done.file),
        status="made",
        bytes=done.size,
        made_at=done.made.made_at,
        tables=dict(done.made.tables),
        key=done.key,
        deleted=[str(path) for path in done.deleted],
    )


def restore(
    file: Annotated[str, Parameter(help="A backup that the command backup wrote.")],
    /,
    *,
    overwrite: Annotated[bool, Parameter(help="Replace the store and key that are there.")] = False,
    call: Shared,
) -> None:
    """Puts a backup in the place of the store.

    Stop PD Pulse first. Nothing that is there is replaced without --overwrite, nor before the backup was read to its
    end.
    """
    items = list(call.codebook.items.values())
    done = backups.restore(call.visitor, call.settings, items, Path(file), overwrite=overwrite)
    text = (
        f"{call.settings.store} is the store of {done.made.made_at}: {_held(done.made)}.\n"
        f"{_KEY_AFTER_RESTORE[done.key].format(key=call.settings.key_file)}"
    )
    call.answer(
        text,
        store=call.settings.store,
        status="restored",
        made_at=done.made.made_at,
        tables=dict(done.made.tables),
        key=done.key,
    )


def _held(made: BackupFile) -> str:
    uploads = plural(made.tables.get("upload", 0), "upload")
    return f"{sum(made.tables.values()):,} rows in {plural(len(made.tables), 'table')}, {uploads}"
