"""Planning lists for the store of four schools, and a Plan page that has found its plan."""

from __future__ import annotations

import threading
import time

from streamlit.testing.v1 import AppTest

from pd_core.access import EVERYTHING
from pd_core.actions import training_lists
from pd_core.codebook import Codebook
from pd_core.config import ROOT
from pd_core.reference.catalog import read_catalog
from pd_core.reference.slots import read_slots
from pd_core.reference.trainers import read_trainers
from pd_core.school_names import SchoolNames
from pd_core.storage import Store, queries
from tests.actions.people import FACILITATOR
from tests.pages.seen import title

TRAINERS = b"""trainer_id,name,kind,home_school_id,skills,hours,slots
mia,Mia Lane,mie,lincoln,word;excel;teams;onenote;sway;stream;forms;outlook;sharepoint;onedrive;powerpoint,4,
wes,Wes Moor,mie,washington,word;excel;teams,6,
fay,Fay Bell,facilitator,,word;teams;onenote;forms;powerpoint;immersive_reader,6,
"""
SLOTS = b"""slot_id,starts_at,ends_at,time
one,2031-01-14 15:30,2031-01-14 17:00,after_school
two,2031-01-21 15:30,2031-01-21 17:00,after_school
three,2031-01-28 09:00,2031-01-28 11:00,pd_day
"""
SEARCHING = "Looking for the best plan"
WAIT = 120


def load_lists(store: Store, codebook: Codebook) -> None:
    """Makes these the lists of a store, with the starter catalog."""
    names = SchoolNames(queries.schools(store, EVERYTHING))
    catalog = (ROOT / "data" / "catalogue" / "catalogue.csv").read_bytes()
    training_lists.set_catalog(store, FACILITATOR, read_catalog("catalogue.csv", catalog, codebook))
    training_lists.set_trainers(store, FACILITATOR, read_trainers("trainers.csv", TRAINERS, codebook, names))
    training_lists.set_slots(store, FACILITATOR, read_slots("slots.csv", SLOTS, codebook))


def settled(page: AppTest) -> AppTest:
    """The page once its search has ended: until then nobody looks at it, which would only make the search slower."""
    deadline = time.monotonic() + WAIT
    while title(page) == SEARCHING:
        assert time.monotonic() < deadline, "the search did not end"
        for search in [thread for thread in threading.enumerate() if thread.name == "plan"]:
            search.join(WAIT)
        page.run()
    assert not page.exception
    return page
