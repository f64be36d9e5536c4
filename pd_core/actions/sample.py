"""Fills a store with the made-up sample district, through the same actions as real files."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path

from pd_core.access import EVERYTHING, Actor, Visitor
from pd_core.actions import schools, uploads, waves
from pd_core.codebook import Codebook
from pd_core.config import ROOT
from pd_core.entities import Wave
from pd_core.ingestion.preview import read
from pd_core.reference.list_files import read_roster, read_schools
from pd_core.sample import write_sample
from pd_core.school_names import SchoolNames
from pd_core.storage import Store, queries

SAMPLE_KEY = b"the sample district holds no one's answers"
_SAMPLE = Visitor.as_oneself(Actor("Sample", "administrator"))


def fill_with_sample(store: Store, codebook: Codebook) -> None:
    """Store the sample district's schools, exports, roster and closing days, unless they are already there."""
    if queries.roster_headcounts(store).is_empty():  # the roster comes last, so a store that has one is complete
        _fill(store, codebook)
    with (ROOT / "data" / "sample" / "waves.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            wave = Wave(row["wave_id"].strip(), date.fromisoformat(row["closes"].strip()))
            waves.put_wave(store, _SAMPLE, wave)


def _fill(store: Store, codebook: Codebook) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = write_sample(Path(folder), codebook)
        schools.set_schools(store, _SAMPLE, read_schools(files.schools.name, files.schools.read_bytes()))
        for export in files.exports:
            table = read(export.name, export.read_bytes(), codebook)
            uploads.ingest(store, _SAMPLE, table, codebook, SAMPLE_KEY)
        names = SchoolNames(queries.schools(store, EVERYTHING))
        roster = read_roster(files.roster.name, files.roster.read_bytes(), codebook, names, SAMPLE_KEY)
        schools.set_roster(store, _SAMPLE, roster)
