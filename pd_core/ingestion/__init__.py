"""From a survey export to stored responses: read, map, validate, preview; then commit."""

from pd_core.ingestion.choices import Choices
from pd_core.ingestion.commit import commit
from pd_core.ingestion.mapping_file import mapping_file
from pd_core.ingestion.meaning import Column, Meaning
from pd_core.ingestion.preview import Preview, prepare
from pd_core.ingestion.reading import read
from pd_core.ingestion.receipt import Receipt, refused
from pd_core.ingestion.timestamps import DATE_ORDERS, AmbiguousDates, DateOrder
from pd_core.school_names import SchoolNames

__all__ = [
    "DATE_ORDERS",
    "AmbiguousDates",
    "Choices",
    "Column",
    "DateOrder",
    "Meaning",
    "Preview",
    "Receipt",
    "SchoolNames",
    "commit",
    "mapping_file",
    "prepare",
    "read",
    "refused",
]
