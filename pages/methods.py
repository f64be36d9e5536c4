"""Methods: what each word and number means, and where it comes from."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from pages.components import data
from pages.components.session import guard
from pd_core.codebook import PROFICIENT
from pd_core.disclosure.suppression import COMPLEMENT, FEWEST, FEWEST_FOR_COMMENTS, REASONS, REMAINDER, TOO_FEW
from pd_core.ingestion.preview import suggest_wave
from pd_core.needs.estimates import ENTRY, IMPLEMENTATION, TRAINERS
from pd_core.needs.verdicts import DRAWS, LEANING, LEAST_SHARE, SAFE
from pd_core.summaries.guesses import GROUP
from pd_core.summaries.school_comparison import FEW, SIZE
from pd_core.wording import percent

OTHERS = {
    "hidden": "other schools do not appear, but for the word that compares theirs with schools like it",
    "unnamed": "other schools stand beside theirs in comparisons without a name, in steps of 5%",
    "named": "other schools stand beside theirs in comparisons, by name",
}

with guard.page("methods"):
    codebook, target = data.codebook(), percent(data.settings().target_share)
    levels = codebook.level_labels("proficiency")
    level_list = "; ".join(f"{level} “{label}”" for level, label in levels.items())
    proficient = " or ".join(f"“{label}”" for level, label in levels.items() if level >= PROFICIENT)
    st.title("What each number means, and where it comes from")

    st.header("Who is counted")
    st.markdown("""
        A **respondent** is a person, not a row. In each wave one answer of a person counts: a complete one before an
        incomplete one, then the latest. A person is known again by a code made from the e-mail address; in an
        anonymous form every row is a person of its own. Who answers in two schools whose MIEs upload for themselves
        counts in each.

        The **headcount** is the number of staff, from the staff list where there is one, else from the list of
        schools. With a role chosen it is the number with that role on the staff list; without a staff list, figures
        are of the respondents only and have no range.""")

    st.header("Response rate")
    st.markdown(f"""
        Respondents divided by headcount (AAPOR's RR1, with every member of staff eligible), never above 100%. The
        district's rate is that of the schools whose headcount is known.

        | status | when |
        |---|---|
        | no headcount | the number of staff is not known |
        | no answers | no one has answered |
        | check headcount | more people answered than are on the list |
        | too few | fewer than {FEWEST} people answered |
        | behind | fewer than {target} of the staff answered |
        | on target | {target} or more answered |""")

    st.header("Proficient, and the range of a share")
    st.markdown(f"""
        A person is **proficient** in a skill with the answer {proficient}: level {PROFICIENT} or above. The **share**
        is the proficient divided by those who answered about the skill. Its **range** (interval) says where the share
        of all staff likely lies, if those who did not answer are like those who did. It is Wilson's interval at 95%,
        corrected for a staff of known size: the more of them answer, the narrower it is, and once all have answered
        it is the share itself.""")
    st.latex(r"n_e = \frac{n\,(N-1)}{N-n}")
    st.latex(r"\frac{p + \frac{z^2}{2 n_e} \pm z \sqrt{\frac{p(1-p)}{n_e} + \frac{z^2}{4 n_e^2}}}{1 + \frac{z^2}{n_e}}")
    st.markdown("""
        Here $n$ people answered of a headcount of $N$, $p$ is the share and $z$ is 1.96. An example: of 60 staff 20
        answered, and 12 of them are proficient. The share is 60%, $n_e$ is 29.5, and the range is 42% to 76%.""")

    st.header("The district")
    st.markdown("""
        The district's share weighs each school by its headcount, not by how many answered there. Schools without
        answers or without a headcount carry no weight. Its range is Wilson's too, from the variance of a sample
        stratified by school; schools with one respondent are taken together.""")
    st.latex(r"p = \sum_s W_s\,p_s \qquad W_s = \frac{N_s}{\sum_s N_s}")
    st.latex(r"V = \sum_s W_s^2 \left(1 - \frac{n_s}{N_s}\right) \frac{p_s\,(1 - p_s)}{n_s - 1}")
    st.latex(r"n_e = \frac{p\,(1-p)}{V}")

    st.header("Schools beside each other")
    st.markdown(f"""
        A school is compared with the **rest of the district**, or with **schools like it**: the same level, and a
        headcount within a factor of {SIZE} either way. The difference of the two shares has Newcombe's range, made of
        their own two ranges. Among so many comparisons some would stand out by chance alone; so the
        probabilities of all that a table shows are corrected together (Benjamini and Hochberg, 5%): with other schools
        in the table a word may be another one.

        | word | when |
        |---|---|
        | clearly above, clearly below | chance alone rarely makes such a difference, and it is 5 points or more |
        | about the same | the difference is at most 15 points either way, its range included |
        | cannot tell yet | the range is too wide to say |

        A place among the schools is given as a **range of ranks**: in nine of ten simulated districts the school's rank
        lies within it. Where fewer than {FEW} people of a school answered, each of them moves the share by a lot: its
        share is shown **pooled with the district's answers**, as below; its own stands in the table.

        **At worst and at best**: the share if no one of those who did not answer uses it on their own, and if all of
        them do. Nothing is assumed, so it is wide.""")

    st.header("Safe to decide?")
    st.markdown(f"""
        Could those who have not answered still change which two entry classes a school needs most? To find out, the
        missing staff are drawn at random, {DRAWS:,} times: each takes over the whole answer of a colleague who did
        answer or, more seldom, of someone in another school (together they weigh as much as five colleagues), and
        whoever was drawn may be drawn again (a Pólya urn). Where the staff list says roles, teachers are drawn from
        teachers, and so on; roles that are hidden in a school are drawn together with the rest.

        Whole answers are drawn, so that the skills of a person stay together. Nothing that is hidden is drawn, and what
        comes of it is told in whole people and whole percents.

        How often no other need is greater than the two shown is the certainty; needs of as many people are the same
        need.

        | verdict | certainty |
        |---|---|
        | Safe to decide | {percent(SAFE)} or more, and {percent(LEAST_SHARE)} or more of the staff answered |
        | Leaning | {percent(LEANING)} or more |
        | Too early | less, or fewer than {FEWEST} answers |
        | Cannot say | the number of staff is not known, too small or out of date, or the results are hidden |

        **More answers** are the fewest, drawn in the same way, after which at least half of the simulated schools
        are safe to decide. All this supposes that who did not answer is like a colleague who did. Where that is
        doubtful, the target of {target} and the worst case say more.

        On *Responses* the answers are also **weighted by role** as on the staff list, to see how far the needs would
        move. They are not weighted by grade band: two ways of grouping people would give away the few who are in one
        and not in the other. The **expected** number of answers by the closing day goes on at the pace of the last five
        working days.""")

    st.header("Needs")
    st.markdown(f"""
        A need is the number of people whom a training is for, of all staff: those who said so, and of the missing staff
        as many as are drawn on average. Its range holds four of five draws. Without a headcount it is the respondents
        alone. The district's need is its share times the headcount of the schools that the share rests on, with a range
        of 80% too.

        - **{ENTRY.capitalize()} class**, taught by the {TRAINERS[ENTRY]}: people below proficient.
        - **{IMPLEMENTATION.capitalize()} class**, taught by the {TRAINERS[IMPLEMENTATION].lower()}: people who are
          proficient, but do not use the skill with students yet, or only for the same task as before (SAMR S). Who
          answered about the skill but said nothing of students is not counted as waiting.""")

    st.header("SAMR profile")
    st.markdown("""
        How many of those who answered use an application with students in each way: not at all, Substitution,
        Augmentation, Modification, Redefinition. The levels have an order but no distances, so they are never
        averaged. Nor are they a ladder to climb: which one fits depends on the lesson.""")

    st.header("Guess before you look")
    st.markdown(f"""
        Where a wave asks for it, whoever opens a school's results first says how many of ten colleagues use each
        application on their own. Only they see the guess again, beside the answers. The district sees how far guesses
        were off on average, of {GROUP} people at a time, so that no one's own guess can be read from it.""")

    st.header("Small groups")
    st.markdown(f"""
        No one's answers may be read off a chart, a table or a file. A hidden group shows no number, and says why:

        1. *{REASONS[TOO_FEW]}*: a group of fewer than {FEWEST} respondents is hidden.
        2. *{REASONS[REMAINDER]}*: a group is hidden where fewer than {FEWEST} people remain when it is taken from
           a total that is shown.
        3. *{REASONS[COMPLEMENT]}*: where what is hidden could be worked out from what is shown, the next smallest
           group is hidden too.

        A district figure is hidden as well where all but a few of its people are of one school: whoever knows that
        school's answers would know theirs. An implementation class is hidden too where either of the two answers it
        rests on is hidden. Waves have no answer in common, so nothing of one wave follows from another; filters by
        level, region and school only leave rows out. Comments are shown from {FEWEST_FOR_COMMENTS} respondents of a
        school on, to facilitators and administrators, never for one role.

        How many people of a school answered is always shown: it says nothing of what they answered. In the district's
        share and its range the hidden schools count together, as one: they can't be told apart.""")

    st.header("Who sees what")
    st.markdown(f"""
        Administrators and facilitators see every school. Principals and MIEs see their own, and the district's
        figures; {OTHERS[data.settings().other_schools]}. A share link shows one school or the district, to whoever
        has it, until it expires or is revoked. What is hidden from one is hidden from all: small groups are taken out
        first, for everyone alike.""")

    st.header("Where answers live")
    st.markdown(f"""
        In one store, on the computer or server that runs PD Pulse. **Not stored**: names and e-mail addresses. In
        place of an address stands a code that cannot be made without this installation's secret key. Comments are
        stored as they were written, without a word about who wrote them. Nothing is overwritten: an upload can be
        undone, and what it had replaced comes back. Only when someone asks to be forgotten, or answers are older than
        the district keeps them, are they deleted.

        A **wave** is named by the middle one of its completion dates: July to December is fall, January to June is
        spring (October 5, 2026 is “{suggest_wave(datetime(2026, 10, 5))}”). You can choose another when you upload.""")

    st.header("Words")
    st.markdown(f"""
        - **District**, **school** (school): all of them together, and one of them.
        - **Wave**: one round of the survey. **Upload**: one export that was stored.
        - **Response**: what one person answered in one wave. **Respondent**: that person.
        - **Item**: one question of the form. **Skill**: an application that it asks about.
        - **Proficiency level**: {level_list}.
        - **Training**: a class of one or two topics. **Trainer**: who teaches it, an MIE (Microsoft Innovative
          Educator, a colleague in the school) or the district's facilitator.
        - **Staff list** (roster): who works where and in which role, as codes, without names.""")

    st.header("Sources")
    st.markdown("""
        - E. B. Wilson (1927), *Probable inference, the law of succession, and statistical inference*, JASA 22.
        - L. D. Brown, T. T. Cai, A. DasGupta (2001), *Interval estimation for a binomial proportion*, Statistical
          Science 16.
        - W. G. Cochran (1977), *Sampling Techniques*, 3rd edition, sections 3 and 5A.
        - C. F. Manski (2003), *Partial Identification of Probability Distributions*.
        - R. G. Newcombe (1998), *Interval estimation for the difference between independent proportions*, Statistics in
          Medicine 17.
        - Y. Benjamini, Y. Hochberg (1995), *Controlling the false discovery rate*, JRSS B 57.
        - M. Ghosh, G. Meeden (1997), *Bayesian Methods for Finite Population Sampling*.
        - T. S. Ferguson (1973), *A Bayesian analysis of some nonparametric problems*, Annals of Statistics 1.
        - AAPOR, *Standard Definitions*.""")
