"""School comparison: where do buildings stand beside each other, and which differences are more than chance?"""

from __future__ import annotations

import streamlit as st

from pages.components import data, display, filters, guess_form
from pages.components.markdown import plain
from pages.components.session import guard
from pd_core.access import DISTRICT
from pd_core.charts import comparison
from pd_core.summaries.overview import overview
from pd_core.summaries.school_comparison import COMPARED_WITH, FEW, MOST_RANKED, ComparedWith
from pd_core.summaries.unnamed_schools import STEP, UNNAMED, comparable_schools
from pd_core.summaries.views import (
    compared_schools,
    comparison_sentence,
    district_share_of,
    grid_sentence,
    one_skill,
    skill_grid,
)
from pd_core.wording import listed, percent

COLUMNS = {
    "school_name": "School",
    "skill_name": "Skill",
    "word": "Compared",
    **display.SKILL_COLUMNS,
    "trust": "Unsure because",
}
STANDING = {
    "school_name": "School",
    "word": "Compared",
    "rank_text": "Rank, in a range",
    "share": display.percent("Share"),
    "share_alone": display.percent("Answered alone"),
    "trust": "Unsure because",
    **display.SKILL_COLUMNS,
    "compared_share": display.percent("Compared with"),
    "difference": display.percent("Difference"),
    "difference_low": display.percent("Difference from"),
    "difference_high": display.percent("Difference to"),
}
SMALL = {"pooled": "Pooled with the district", "raw": "Only their own answers"}
AS_SMALL = {
    "pooled": "the mark lies between theirs and the district's, nearer to theirs with each answer.",
    "raw": "the mark swings with each of them.",
}
CELLS = (
    "A person is proficient who uses the application on their own, or could teach it. "
    "The district weighs each school by its staff. A cell fades where its share is unsure."
)
RANGES = (
    "The line is where the share of all staff likely lies, if those who did not answer are like those who did; the "
    "thin line holds whatever they would say. A school is clearly above or below {group} where chance alone would "
    "seldom put it there, with all schools and skills of this page looked at together."
)
RANKS = "A rank is a range that would hold nine times in ten, if the others are like those who answered."
GROUPS: dict[ComparedWith, str] = {
    "district": "the rest of the district",
    "like": "the schools of its level with up to half as many staff more, or a third fewer,",
}
MARKS: dict[ComparedWith, str] = {"district": "rest of the district", "like": "schools like it"}


def compared_with() -> ComparedWith:
    """What schools are compared with, as the address has it."""
    labels: dict[str, str] = {**COMPARED_WITH}
    return "like" if filters.one("Compare with", "with", labels, as_buttons=True) == "like" else "district"


with guard.page("school_comparison"):
    codebook = data.codebook()
    head = st.container()
    wave_id = filters.wave()
    for own in data.own_schools():
        guess_form.before_results(data.wave_survey(wave_id), own)
    compared = comparable_schools(data.wave_survey(wave_id)).to_dicts()
    names = {str(school["school_id"]): str(school["name"]) for school in compared}
    with st.expander("Narrow it down: role, level, region, schools", icon=":material/filter_list:", key="narrow"):
        role = filters.role()
        levels, regions, chosen = filters.level(compared), filters.region(compared), filters.schools(compared)
    survey = data.wave_survey(wave_id, role)
    school_ids = compared_schools(survey, levels=levels, regions=regions, school_ids=chosen)
    beside = compared_with()
    grid = skill_grid(survey, school_ids, beside)
    rows = [row for row in grid.to_dicts() if row["school_id"] != DISTRICT]
    shown = [row for row in rows if row["share"] is not None]
    answered = {row["school_name"] for row in rows}
    asked = list(dict.fromkeys(str(row["skill_id"]) for row in rows))

    with head:
        st.title(plain(grid_sentence(grid)) if shown else "There is nothing to compare here")
        people = f"role: {codebook.labels('role')[role]}" if role else "all staff"
        st.caption(f"{plain(wave_id)}, {len(school_ids)} of {len(names)} schools, {people}")
        display.sample_note()
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
    hidden = display.hidden(rows, "school", "school_name")
    display.chart(
        comparison.heat_map(grid), grid_sentence(grid), grid, COLUMNS, name="skills-by-school", note=f"{CELLS} {hidden}"
    )

    needed = [need.skill_id for need in overview(data.wave_survey(wave_id)).needs if need.skill_id in asked]
    below = st.container()
    skill_id = filters.skill(asked, default=needed[0] if needed else None)
    skill_name = codebook.skills[skill_id].name
    district_share = district_share_of(survey, skill_id)
    schools = one_skill(survey, skill_id, school_ids, beside)
    as_small = "pooled"
    if schools["is_small"].any():
        as_small = filters.one("Small schools", "small", SMALL, as_buttons=True)
        schools = one_skill(survey, skill_id, school_ids, beside, pooled=as_small == "pooled")
    sentence = comparison_sentence(schools, district_share, skill_name, of_role=role is not None, compared_with=beside)
    below.header(plain(sentence))
    if schools["compared_share"].count():
        chart = comparison.skill_intervals(schools, None, MARKS[beside])
    else:  # whoever does not see all schools is not told what they are compared with, but for the district
        chart = comparison.skill_intervals(schools, district_share if beside == "district" else None)
    lines = schools.to_dicts()
    notes = [RANGES.format(group=GROUPS[beside])]
    if any(line["rank_text"] for line in lines):
        notes.append(RANKS)
    elif len(lines) > MOST_RANKED:
        notes.append(f"Ranks are told of up to {MOST_RANKED} schools: narrow it down.")
    if small := [str(line["school_name"]) for line in lines if line["is_small"]]:
        who = listed(small) if len(small) < 4 else f"{len(small)} schools"
        notes.append(f"Fewer than {FEW} answered at {who}: {AS_SMALL[as_small]}")
    notes.append(display.hidden(lines, "school", "school_name"))
    if any(line["school_id"] == UNNAMED for line in lines):
        notes.append(f"Schools without names stand in another order for each skill, in steps of {percent(STEP)}.")
    display.chart(chart, sentence, schools, STANDING, name=f"{skill_id}-by-school", note=" ".join(filter(None, notes)))
