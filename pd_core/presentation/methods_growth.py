"""Methods: growth between two waves, and the impact of trainings."""

from __future__ import annotations

from pd_core.disclosure.two_waves import MIN_GROUP, MIN_MATCHED
from pd_core.presentation.chapters import Chapter, Formula
from pd_core.summaries.growth import CANNOT_TELL, DECLINED, IMPROVED, MIN_RESPONDENTS, NO_CHANGE
from pd_core.summaries.impact_answers import MIN_BEFORE, MIN_SCHOOLS, MIN_TREATED
from pd_core.summaries.impact_figures import TREATED_SHARE
from pd_core.wording import percent


def growth_chapter() -> Chapter:
    """What changed between two waves, and how sure that is."""
    return Chapter(
        "Growth between two waves",
        f"""
        The change is the share now less the share then. Its range combines the ranges of both shares (Newcombe's way
        for paired shares, also called MOVER). It is **not** narrowed for how many of the staff answered: a change
        speaks of more than the people who happened to answer. Where {MIN_MATCHED} or more people answered both times,
        their two answers go together, which makes the range narrower.

        | word | when |
        |---|---|
        | {IMPROVED}, {DECLINED} | chance alone rarely makes such a change, considering all schools and skills of the \
          two waves together (Benjamini and Hochberg, 5%), and it is 5 points and 3 people or more |
        | {NO_CHANGE} | the range lies within 15 points either way |
        | {CANNOT_TELL} | neither |
        | no word | fewer than {MIN_RESPONDENTS} answers in one of the waves |

        The **smallest change** is 2.8 standard errors. A change of that size would be seen in 4 of 5 cases if it were
        the only one looked at. Where many are judged together a word needs more: as the only change among 12 rows it
        is called improved or declined in about 45% of cases, among 144 in 20%, among 720 in 10%. In simulated
        districts where nothing changed, at most one row in 4,000 was called improved or declined; a change of 15
        points among 30 of 60 people, taken alone, was seen as often as this size foretells, and ranges held 94% to
        95%.

        Without a staff list by role, or headcounts, the district's change has no range: it *cannot be told*.

        Skills and schools are in the order of the change **allowing for chance**: each is drawn toward the mean of
        all, the more the less sure it is. Schools picked for having been lowest would rise by chance alone; next to
        them is how far (regression to the mean).

        **The same people.** Only who answered in both waves, at the same school, recognized by a code. Up and down are
        tested exactly (sign test; for levels, all ways of turning the signs round), and from 25 people on whether the
        shares at each level moved (Stuart and Maxwell). A change is split into what stayers learned and who came and
        went. Figures of the same people appear only where {MIN_MATCHED} or more answered both times and those who
        answered only once are none or at least {MIN_GROUP}; the table of levels only where each of its rows has none
        or at least {MIN_GROUP} people, otherwise proficient or not, otherwise how many went up, stayed and went down.

        A school that was merged counts as its successor, if none of the merged schools is hidden. Someone who moved to
        another school is a leaver of the one and a newcomer of the other.""",
        Formula(r"L = d - \sqrt{(p_2-l_2)^2 - 2r(p_2-l_2)(u_1-p_1) + (u_1-p_1)^2}"),
    )


def impact_chapter() -> Chapter:
    """Whether a training moved an outcome, and when that cannot be said."""
    return Chapter(
        "Impact of trainings",
        f"""
        A school has **started** once {percent(TREATED_SHARE)} of its staff have been trained (15% and 50% as checks):
        people newly trained in sessions that were held, and outside the plan, added up over the headcount. People on
        lists count once; where only a number is known, each time, at the school where the session was held.
        The effect is what the outcome did from the last period before the start on, less what it did in schools that
        had not started yet (Callaway and Sant'Anna), averaged over the periods after the start that every group of
        starters has. To see what chance does, the same starts are given to the schools anew 999 times. The **smallest
        visible effect** is 2.8 standard deviations of that, and is said before the estimate.

        | word | when |
        |---|---|
        | higher, lower | at most 1 in 20 of the re-drawn districts does as much, allowing for the number of outcomes \
          that were named (Holm); on the board, for all \
          trainings and outcomes together |
        | no difference | the range lies within the smallest visible effect |
        | {CANNOT_TELL} | anything else, always with the reason |

        **Checks.** The effect is worked out again by filling in what trained schools would have had (Borusyak, Jaravel
        and Spiess), from a period earlier, for pretended starts before the real ones, and for other shares of staff.
        Schools that join after a bad period rise by themselves: where these checks differ by more than chance, the
        answer is *cannot tell*: the filled-in effect by two standard deviations of the effect, and the one from a
        period earlier by as much, or by three standard deviations of what another period moves it by chance, if that is
        more. In 400 simulated districts without any effect 3.5% were called higher or lower; of
        those that joined after a bad period, none.

        Nothing is estimated with fewer than {MIN_SCHOOLS} schools, {MIN_TREATED} that started and 5 that had not,
        {MIN_BEFORE} periods before the start, or 80% of the values. Values that are suppressed, known only within
        bounds or of fewer than 10 students are missing, never 0. With fewer than {MIN_TREATED} schools that started,
        they are set against a mix of others that moved as they did before (synthetic control), and only their rank is
        said. **It is never proof: schools chose when to start.**""",
    )
