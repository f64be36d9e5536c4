"""The formats in which the form can be written, for the programs that make forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pd_core.form_builder import google_forms, limesurvey, microsoft_forms, qualtrics
from pd_core.form_builder.questions import Form

FormFormat = Literal["docx", "google", "limesurvey", "qualtrics"]


@dataclass(frozen=True)
class Route:
    """How a form gets into another program: the program's name, the file's ending and media type, and its writer."""

    program: str
    ending: str
    mime: str
    write: Callable[[Form], bytes]


ROUTES: Mapping[FormFormat, Route] = {
    "docx": Route(
        "Microsoft Forms",
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        microsoft_forms.document,
    ),
    "google": Route("Google Forms", ".gs", "text/javascript", lambda form: google_forms.script(form).encode()),
    "limesurvey": Route(
        "LimeSurvey", ".txt", "text/tab-separated-values", lambda form: limesurvey.structure(form).encode()
    ),
    "qualtrics": Route("Qualtrics", ".txt", "text/plain", lambda form: qualtrics.text(form).encode()),
}
