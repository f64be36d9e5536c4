"""One filter and one chart."""

import altair as alt
import polars as pl
import streamlit as st

schools = [f"School {number}" for number in range(60)]
school = st.selectbox("School", schools, key="filter_school")
st.title(f"{school} has 12 skills")
frame = pl.DataFrame({"skill": [f"Skill {number}" for number in range(12)], "share": [n / 12 for n in range(12)]})
st.altair_chart(alt.Chart(frame).mark_bar().encode(x="share:Q", y="skill:N"), width="stretch")
