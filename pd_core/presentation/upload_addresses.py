"""Upload addresses in words: how a script or a flow sends a file to one."""

from __future__ import annotations

from pd_core.presentation.table_feeds import Steps


def steps(address: str, token: str) -> tuple[Steps, ...]:
    """The steps for PowerShell, Power Automate and curl."""
    return (
        Steps(
            "PowerShell",
            (
                f'`Invoke-RestMethod -Method Post -Uri "{address}?file=Lincoln.xlsx" -InFile Lincoln.xlsx '
                f'-Headers @{{ Authorization = "Bearer {token}" }}`',
            ),
        ),
        Steps(
            "Power Automate",
            (
                "Trigger: **When a new response is submitted** (Microsoft Forms); choose the form.",
                "**Get file content** (OneDrive for Business or SharePoint): the workbook of the form's responses.",
                f"**HTTP**: method `POST`, URI `{address}?file=Lincoln.xlsx`, header `Authorization` with the value "
                f"`Bearer {token}`, and as body the file content of the step before.",
                "The whole workbook comes each time: answers that are stored already are not stored again.",
            ),
        ),
        Steps(
            "curl",
            (f"`curl --data-binary @Lincoln.xlsx -H 'Authorization: Bearer {token}' '{address}?file=Lincoln.xlsx'`",),
        ),
    )
