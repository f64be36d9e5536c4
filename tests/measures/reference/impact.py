"""Writes impact_inputs.csv and impact_expected.csv: a made-up panel, and what the package diff-diff (MIT) finds in it.

Run it with `pip install diff-diff==3.13.0` in an environment of its own.
"""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from diff_diff import CallawaySantAnna, ImputationDiD

warnings.simplefilter("ignore")
HERE = Path(__file__).parent
SCHOOLS, PERIODS = 40, 10

source = np.random.default_rng(15)
starts = np.repeat([4, 6, 7, 0], [8, 7, 5, 20])  # 0: not yet, as diff-diff writes it
own, months = source.normal(90, 3, SCHOOLS), source.normal(0, 1, PERIODS)
rows = []
for school, start in enumerate(starts):
    for period in range(PERIODS):
        effect = 2 + 0.2 * (period - start) if 0 < start <= period else 0
        rows.append((school, period, int(start), own[school] + months[period] + source.normal(0, 1.5) + effect))
panel = pd.DataFrame(rows, columns=["school", "period", "start", "value"]).round(6)
panel.to_csv(HERE / "impact_inputs.csv", index=False)
names = {"outcome": "value", "unit": "school", "time": "period", "first_treat": "start"}
found = CallawaySantAnna(control_group="not_yet_treated", base_period="universal").fit(panel, **names, aggregate="all")
expected = [("att", int(g), int(t), effect["effect"]) for (g, t), effect in found.group_time_effects.items()]
expected += [("event", 0, int(e), effect["effect"]) for e, effect in found.event_study_effects.items()]
imputed = ImputationDiD().fit(panel, **names, aggregate="event_study")
expected += [("imputed", 0, int(e), effect["effect"]) for e, effect in imputed.event_study_effects.items() if e >= 0]
expected.append(("imputed_all", 0, 0, imputed.overall_att))
pd.DataFrame(expected, columns=["what", "start", "at", "value"]).to_csv(HERE / "impact_expected.csv", index=False)
