"""Methods: what each number means, and where it comes from."""

from __future__ import annotations

from pd_core.access import Others
from pd_core.codebook import PROFICIENT, Codebook
from pd_core.disclosure.suppression import FEWEST
from pd_core.needs.estimates import ENTRY, IMPLEMENTATION, TRAINERS
from pd_core.needs.verdicts import BUILDINGS, DRAWS, LEANING, LEAST_LEAD, LEAST_SHARE, OFTEN, SAFE
from pd_core.presentation.chapters import Chapter, Formula
from pd_core.presentation.methods_growth import growth_chapter, impact_chapter
from pd_core.presentation.methods_planning import planning_chapter
from pd_core.presentation.methods_privacy import privacy_chapters, small_groups
from pd_core.summaries.guesses import GROUP
from pd_core.summaries.school_comparison import FEW, LEAST_POINTS, SIZE, STRESS_POINTS
from pd_core.wording import percent

TITLE = "What each number means, and where it comes from"


def chapters(codebook: Codebook, target_share: float, others: Others, fewest: int) -> tuple[Chapter, ...]:
    """The methods page, in order; `others` is how people with a role for schools see other schools, `fewest` the fewest
    people that a plan puts in a session."""
    target = percent(target_share)
    return (
        _who_is_counted(),
        _response_rate(target),
        _proficient(codebook),
        _district(),
        _comparing(),
        _safe(target),
        _needs(),
        _samr(),
        growth_chapter(),
        impact_chapter(),
        _guesses(),
        small_groups(),
        planning_chapter(fewest),
        *privacy_chapters(others),
        _words(codebook),
        _sources(),
    )


def _who_is_counted() -> Chapter:
    return Chapter(
        "Who is counted",
        """
        A **respondent** is a person, not a row. In each wave one response per person counts: a complete one rather
        than an incomplete one, then the latest. People are recognized by a code made from their e-mail address; in an
        anonymous form every row counts as a separate person. Someone who answers in two schools whose MIEs upload
        separately counts in both.

        The **headcount** is the number of staff, from the staff list if there is one, otherwise from the list of
        schools. When a role is chosen, it is the number of people with that role on the staff list; without a staff
        list, figures describe the respondents only and have no range.""",
    )


def _response_rate(target: str) -> Chapter:
    return Chapter(
        "Response rate",
        f"""
        Respondents divided by headcount (AAPOR's RR1, with every staff member eligible), capped at 100%. The
        district's rate covers the schools whose headcount is known.

        | status | when |
        |---|---|
        | no headcount | the number of staff is not known |
        | no answers | no one has answered yet |
        | check headcount | more people answered than the list has |
        | too few | fewer than {FEWEST} people answered |
        | behind | less than {target} of the staff answered |
        | on target | {target} or more answered |""",
    )


def _proficient(codebook: Codebook) -> Chapter:
    levels = codebook.level_labels("proficiency").items()
    proficient = " or ".join(f"“{label}”" for level, label in levels if level >= PROFICIENT)
    return Chapter(
        "Proficient, and the range of a share",
        f"""
        A person is **proficient** in a skill with the answer {proficient}: level {PROFICIENT} or above. The **share**
        is the proficient divided by those who answered about the skill. Its **range** (interval) says where the share
        of all staff likely lies, if those who did not answer are like those who did. It is Wilson's interval at 95%,
        corrected for a staff of known size: the more of them answer, the narrower it is, and once all have answered
        it is the share itself. Its ends are rounded outward to whole people, since no staff has half a person who is
        proficient: so it holds the truth 19 times in 20 or more.""",
        Formula(r"n_e = \frac{n\,(N-1)}{N-n}"),
        Formula(
            r"\frac{p + \frac{z^2}{2 n_e} \pm z \sqrt{\frac{p(1-p)}{n_e} + \frac{z^2}{4 n_e^2}}}{1 + \frac{z^2}{n_e}}"
        ),
        """
        Here $n$ of a headcount of $N$ people answered, $p$ is the share and $z$ is 1.96. For example, 20 of 60 staff
        answered and 12 of them are proficient: the share is 60%, $n_e$ is 29.5, and the range is 42% to 77%, 25 to 46
        of the 60 people.""",
    )


def _district() -> Chapter:
    return Chapter(
        "The district",
        """
        The district's share weighs each school by its headcount, not by how many answered there. Schools without
        answers or without a headcount carry no weight. Its standard error is that of a sample stratified by school;
        schools with a single respondent are combined. Its range is Wilson's too. In a small school where all agree,
        nothing would seem uncertain; so for the range each school's share is first pulled toward the district's, as if
        five more people had answered as the district does.""",
        Formula(r"p = \sum_s W_s\,p_s \qquad W_s = \frac{N_s}{\sum_s N_s}"),
        Formula(r"V = \sum_s W_s^2 \left(1 - \frac{n_s}{N_s}\right) \frac{p_s\,(1 - p_s)}{n_s - 1}"),
        Formula(
            r"n_e = \frac{p\,(1-p)}{\hat V}\quad\text{where } \hat V \text{ has } \tilde p_s = "
            r"\frac{x_s + 5p}{n_s + 5} \text{ in place of } p_s"
        ),
    )


def _comparing() -> Chapter:
    return Chapter(
        "Comparing schools",
        f"""
        A school is compared with the **rest of the district**, or with **similar schools**: the same level, and a
        headcount within a factor of {SIZE} either way. The difference between the two shares has Newcombe's range,
        built from their own two ranges. Among so many comparisons some would stand out by chance alone, so the
        probabilities of everything a table shows are corrected together (Benjamini and Hochberg, 5%). A different
        choice of schools can therefore change a word.

        | word | when |
        |---|---|
        | clearly above, clearly below | chance alone rarely makes such a difference, it is {LEAST_POINTS} points or \
          more, and it would hold if everywhere those who did not answer were {STRESS_POINTS} points lower |
        | about the same | the difference is at most 15 points either way, its range included |
        | cannot tell yet | the range is too wide to say, or one of the three is missing |

        Words speak of this year's staff. In simulated districts in which all schools are alike and less skilled people
        answer less, 34 of 720 words were clear; chance alone looked at would have made it 99. One in 170 of them had
        the wrong sign.

        A school's rank is given as a **range of ranks**: in 9 of 10 simulated districts its rank lies within the range.
        Where fewer than {FEW} people at a school answered, each of them moves the share a lot. Its share is then shown
        **pooled with the district's answers**, as below; the table has its own.

        **Worst and best case**: the share if none of the people who did not answer use it on their own, and if all of
        them do. This assumes nothing, so it is wide.""",
    )


def _safe(target: str) -> Chapter:
    return Chapter(
        "Safe to decide?",
        f"""
        Could those who have not answered still change which two entry classes a school needs most? To find out, the
        missing staff are simulated {DRAWS:,} times: each is given the whole response of a colleague who did answer or,
        less often, of someone in another school (together they weigh as much as five colleagues). The same person can
        be drawn more than once (a Pólya urn). Where the staff list has roles, teachers are drawn from teachers, and so
        on; roles that are hidden in a school are drawn together with the rest.

        Whole responses are drawn, so a person's skills stay together. Nothing that is hidden is drawn, and results are
        given in whole people and whole percents.

        The certainty is how often no other need is greater than the two shown; needs of equally many people count as
        the same need and are called tied. Entry classes and implementation classes each have their own certainty. It
        is shown only where every class of that kind can be shown: a hidden one may be needed more.

        | verdict | when |
        |---|---|
        | Safe to decide | certainty {percent(SAFE)} or more, {percent(LEAST_SHARE)} or more of the staff answered, \
          and to change it {percent(LEAST_LEAD)} or more of those missing must need the next class beyond what \
          colleagues' answers suggest |
        | Leaning | certainty {percent(LEANING)} or more |
        | Too early | less, or fewer than {FEWEST} answers |
        | Cannot say | the number of staff is not known, too small or out of date, or a result is hidden |

        How often was **Safe to decide** right? In simulated schools whose whole staff is known: in 97 of 100 where
        people answer at random, in 97 where roles differ and a staff list has them, and in 99 where less skilled people
        answer less often.

        **More answers** is the smallest number after which {percent(OFTEN)} of {BUILDINGS} simulated schools are safe
        to decide, and never less than the target of {target} or the {FEWEST} that can be shown. In simulated schools
        whose staff then answered, 4 of 5 were safe. All this assumes that people who did not answer are like colleagues
        who did. Where that is doubtful, rely on the worst case and the numbers next to each need. The draws start from
        a secret of this installation, so that no one can work back from them.

        The *Responses* page also **weights** the answers **by role** to match the staff list, to see how far the needs
        would move. It does not weight by grade band: grouping people in two ways would give away the few who are in one
        group and not in the other. The **expected** number of answers by the closing day assumes the pace of the last
        five working days.""",
    )


def _needs() -> Chapter:
    return Chapter(
        "Needs",
        f"""
        A need is the number of people, among all staff, that a training is for: those who said so, plus the average
        number of missing staff drawn. Its range holds 4 of 5 draws. If those who did not answer are unlike the others,
        it can miss the truth far more often, so the table also has the number **if those who did not answer are 15
        points less skilled**. Without a headcount it counts respondents alone. The district's need is its share times
        the headcount of the schools behind that share, also with an 80% range.

        - **{ENTRY.capitalize()} class**, taught by the {TRAINERS[ENTRY]}: people below proficient. They say they need
          help with it or do not use it.
        - **{IMPLEMENTATION.capitalize()} class**, taught by the {TRAINERS[IMPLEMENTATION].lower()}: of the roles that
          teach, people who are proficient and do not use the skill with students yet, or use it for the same task as
          before (SAMR S); the two are counted apart. It could be offered to them: SAMR is no ladder to climb. Who
          answered about the skill but said nothing of students is not counted.""",
    )


def _samr() -> Chapter:
    return Chapter(
        "SAMR profile",
        """
        How many of those who teach and answered use an application with students in each way: not at all, Substitution,
        Augmentation, Modification, Redefinition. The levels have an order but no distances, so they are never
        averaged. Nor are they a ladder to climb: which one fits depends on the lesson.""",
    )


def _guesses() -> Chapter:
    return Chapter(
        "Guess before you look",
        f"""
        If a wave asks for it, people who open a school's results first say how many of ten colleagues use each
        application on their own. Only they see their guess again, next to the answers. The district sees how far off
        guesses were on average, over {GROUP} people at a time, so that no one's own guess can be read from it.""",
    )


def _words(codebook: Codebook) -> Chapter:
    level_list = "; ".join(f"{level} “{label}”" for level, label in codebook.level_labels("proficiency").items())
    return Chapter(
        "Words",
        f"""
        - **District**, **school** (building): all of them together, and one of them.
        - **Wave**: one round of the survey. **Upload**: one export that was stored.
        - **Response**: one person's answers in one wave. **Respondent**: that person.
        - **Item**: one question of the form. **Skill**: an application that it asks about.
        - **Proficiency level**: {level_list}.
        - **Training**: a class on one or two topics. **Trainer**: the person who teaches it, an MIE (Microsoft
          Innovative Educator, a colleague at the school) or the district's facilitator.
        - **Staff list** (roster): who works where, and in which role, as codes without names.""",
    )


def _sources() -> Chapter:
    return Chapter(
        "Sources",
        """
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
        - AAPOR, *Standard Definitions*.""",
    )
