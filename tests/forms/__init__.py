"""Look-alikes of survey exports: what real files of Microsoft Forms and Google Forms do, with made-up people."""

from .broken import (
    encrypted_workbook,
    not_a_workbook,
    old_xls_workbook,
    truncated,
    word_document,
    zip_bomb_workbook,
)
from .survey import (
    Survey,
    cut_header,
    survey_csv,
    survey_google_csv,
    survey_google_workbook,
    survey_headers,
    survey_rows,
    survey_workbook,
)
from .text import forms_csv, google_csv, google_workbook
from .workbook import Cell, Formula, forms_workbook

__all__ = [
    "Cell",
    "Formula",
    "Survey",
    "cut_header",
    "encrypted_workbook",
    "forms_csv",
    "forms_workbook",
    "google_csv",
    "google_workbook",
    "not_a_workbook",
    "old_xls_workbook",
    "survey_csv",
    "survey_google_csv",
    "survey_google_workbook",
    "survey_headers",
    "survey_rows",
    "survey_workbook",
    "truncated",
    "word_document",
    "zip_bomb_workbook",
]
