"""School comparison: where do buildings stand beside each other, and which differences are more than chance?"""

from __future__ import annotations

import streamlit as st

from pages.components import data, filters, guard, show
from pages.components.wording import plain
from pd_core.access import DISTRICT
from pd_core.charts import comparison
from pd_core.summaries.others import STEP, UNNAMED, comparable_schools
from pd_core.summaries.overview import listed, overview, percent
from pd_core.summaries.views import (
    compared_schools,
    comparison_sentence,
    district_share_of,
    grid_sentence,
    one_skill,
    skill_grid,
)

COLUMNS = {"school_name": "School", **show.SKILL_COLUMNS}
CELLS = (
    "A person is proficient who uses the application on their own, or could teach it. "
    "The district weighs each school by its staff."
)
RANGES = (
    "The line is where the share of all staff likely lies, if those who did not answer are like those who did. "
    "A school stands apart where its whole line lies on one side of the district's mark."
)

with guard.page("school_comparison"):
    codebook = data.codebook()
    head = st.container()
    wave_id = filters.wave()
    compared = comparable_schools(data.wave_survey(wave_id)).to_dicts()
    names = {str(school["school_id"]): str(school["name"]) for school in compared}
    with st.expander("Narrow it down: role, level, region, schools", icon=":material/filter_list:", key="narrow"):
        role = filters.role()
        levels, regions, chosen = filters.level(compared), filters.region(compared), filters.schools(compared)
    survey = data.wave_survey(wave_id, role)
    school_ids = compared_schools(survey, levels=levels, regions=regions, school_ids=chosen)
    grid = skill_grid(survey, school_ids)
    rows = [row for row in grid.to_dicts() if row["school_id"] != DISTRICT]
    shown = [row for row in rows if row["share"] is not None]
    answered = {row["school_name"] for row in rows}
    asked = list(dict.fromkeys(str(row["skill_id"]) for row in rows))

    with head:
        st.title(plain(grid_sentence(grid)) if shown else "There is nothing to compare here")
        people = f"role: {codebook.labels('role')[role]}" if role else "all staff"
        st.caption(f"{plain(wave_id)}, {len(school_ids)} of {len(names)} schools, {people}")
        show.sample_note()
    if not school_ids:
        st.info("No school fits these filters. Take one of them away.", icon=":material/filter_list_off:")
        st.stop()
    if not rows:
        st.info(f"Nobody in these schools has answered in {plain(wave_id)}. Choose others.", icon=":material/info:")
        st.stop()
    if not shown:
        st.info(
            f"Every school here is hidden: {next(row['reason'] for row in rows if row['suppressed'])}. "
            "Choose everybody instead of one role, or other schools.",
            icon=":material/visibility_off:",
        )
        st.stop()
    silent = [name for school_id, name in names.items() if school_id in school_ids and name not in answered]
    if silent:
        where = listed(silent) if len(silent) < 4 else f"{len(silent)} of these schools"
        st.caption(f"Nobody{' with this role' if role else ''} has answered at {plain(where)}.")
    if role and all(row["share_low"] is None for row in shown):
        st.caption("No staff list says how many have this role: figures are of those who answered, without a range.")
    elif role:
        st.caption("How many have this role comes from the staff list.")

    st.header("All schools and skills")
    hidden = show.hidden(rows, "school", "school_name")
    show.chart(
        comparison.heat_map(grid), grid_sentence(grid), grid, COLUMNS, name="skills-by-school", note=f"{CELLS} {hidden}"
    )

    needed = [need.skill_id for need in overview(data.wave_survey(wave_id)).needs if need.skill_id in asked]
    below = st.container()
    skill_id = filters.skill(asked, default=needed[0] if needed else None)
    skill_name = codebook.skills[skill_id].name
    schools = one_skill(survey, skill_id, school_ids)
    district_share = district_share_of(survey, skill_id)
    sentence = comparison_sentence(schools, district_share, skill_name, of_role=role is not None)
    below.header(plain(sentence))
    chart = comparison.skill_intervals(schools, district_share)
    lines = schools.to_dicts()
    hidden = show.hidden(lines, "school", "school_name")
    if any(line["school_id"] == UNNAMED for line in lines):
        hidden += f" Schools without names stand in another order for each skill, in steps of {percent(STEP)}."
    show.chart(chart, sentence, schools, COLUMNS, name=f"{skill_id}-by-school", note=f"{RANGES} {hidden}")
