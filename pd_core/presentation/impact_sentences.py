"""What is known of a training's effect, in sentences: never more than the figures say."""

from __future__ import annotations

from collections.abc import Sequence

from pd_core.summaries.impact_answers import (
    CANNOT_TELL,
    HIGHER,
    LOWER,
    MIN_BEFORE,
    MIN_SCHOOLS,
    MIN_TREATED,
    NO_DIFFERENCE,
    Answer,
    Lacks,
)
from pd_core.summaries.impact_board import CHANGE, KEEP, STOP
from pd_core.summaries.impact_figures import ALL, TREATED_SHARE
from pd_core.wording import counted, listed, percent, with_capital

NOT_PROOF = "This is not proof: schools chose when to start."


def amount(value: float | None, is_share: bool) -> str:
    """A size of an effect without its sign: 1.7 points, or the measure's own number."""
    if value is None:
        return "not known"
    size = abs(value) * (100 if is_share else 1)
    return f"{size:.1f} points" if is_share else f"{size:.3g}"


def number(value: float | None, is_share: bool) -> str:
    """A signed size: +2.1, −0.4."""
    if value is None:
        return "not known"
    size = value * (100 if is_share else 1)
    text = f"{abs(size):.1f}" if is_share else f"{abs(size):.3g}"
    sign = "" if float(text) == 0 else "+" if size > 0 else "−"
    return f"{sign}{text}"


def title(answers: Sequence[Answer], training: str) -> str:
    """The page's answer in one sentence, of all outcomes that were named."""
    said = [_headline(answer) for answer in answers]
    return f"{training}: {'; '.join(said)}"


def _headline(answer: Answer) -> str:
    name = answer.measure
    if answer.verdict in (HIGHER, LOWER):
        way = "more" if answer.verdict == HIGHER else "less"
        return f"{amount(answer.effect, answer.is_share)} {way} {name} than in schools not yet trained"
    if answer.verdict == NO_DIFFERENCE:
        return f"no difference in {name} of {amount(answer.smallest, answer.is_share)} or more"
    return f"cannot tell whether {name} moved"


def visible_sentence(answer: Answer) -> str:
    """The smallest effect that would be seen, which is said before the estimate; empty where it is not known."""
    if answer.smallest is None:
        return ""
    smallest = amount(answer.smallest, answer.is_share)
    return f"Smallest visible effect: {smallest}. A smaller one would be missed more often than 1 time in 5."


def answer_sentence(answer: Answer) -> str:
    """The estimate with its range and what it is compared with, or why there is none."""
    if answer.effect is None or answer.low is None:
        return f"Cannot tell: {answer.reason}."
    way = "more" if answer.effect > 0 else "less"
    span = f"{number(answer.low, answer.is_share)} to {number(answer.high, answer.is_share)}"
    found = (
        f"{amount(answer.effect, answer.is_share)} {way} than schools not yet trained ({span}; smallest visible "
        f"{amount(answer.smallest, answer.is_share)})"
    )
    found = with_capital(found)
    if answer.verdict == CANNOT_TELL:
        return f"Cannot tell: {answer.reason}. The estimate alone would be: {found}. {NOT_PROOF}"
    if answer.verdict == NO_DIFFERENCE:
        return f"No difference as large as the smallest visible one. {found}. {NOT_PROOF}"
    good = f" For {answer.measure}, {answer.good} is better." if answer.good else ""
    return f"{found}.{good} {NOT_PROOF}"


def compared_sentence(answer: Answer) -> str:
    """How many schools started, by when, and what counts as a start."""
    span = f"{answer.periods[0]} to {answer.periods[-1]}" if answer.periods else "no periods"
    return (
        f"{counted(answer.schools_treated, 'school').capitalize()} had {percent(TREATED_SHARE)} or more of the staff "
        f"trained within {span}; {counted(answer.schools_not_yet, 'school')} had not."
    )


def remedy_sentence(answer: Answer) -> str:
    """What would make the question answerable; empty where it is answered."""
    said = [_remedy(answer, lacking, missing) for lacking, missing in answer.lacking]
    return f"What would make it answerable: {'; and '.join(said)}." if said else ""


def _remedy(answer: Answer, lacking: Lacks, missing: int) -> str:
    starts = "starts" if missing == 1 else "start"
    later = f"{starts} in {answer.first_start} or later, seen for {MIN_BEFORE} periods before"
    lacks = {
        "periods": f"{counted(missing, 'more period')} of {answer.measure}",
        "schools": f"{answer.measure} of {counted(missing, 'more school')} ({MIN_SCHOOLS} in all)",
        "start": f"a training that reaches {percent(TREATED_SHARE)} of the staff at {counted(MIN_TREATED, 'school')} "
        "or more: sessions that were held, or loaded here as deliveries",
        "earlier periods": f"{answer.measure} of {counted(missing, 'earlier period')}, from before the schools started",
        "later starts": f"{counted(missing, 'school')} or more that start later than the others",
        "treated": f"{counted(missing, 'more school')} that {later}",
        "values": f"{counted(missing, 'more value')} of {answer.measure}; the gaps are marked below",
        "not yet": f"{counted(missing, 'more school')} that {starts} later, or not at all",
        "usual start": "starting dates set beforehand or drawn by lot, not after an unusual period",
        "questions": "fewer outcomes or trainings asked about at once, more schools, or more periods",
        "size": f"more schools or more periods; below {amount(answer.smallest, answer.is_share)} nothing can be told "
        "from chance here",
        "spread": "an outcome that differs from school to school",
    }
    return lacks[lacking]


def synthetic_sentence(answer: Answer) -> str:
    """The rank among placebos where very few schools started; empty where there is none."""
    if answer.rank is None or answer.placebos is None:
        return ""
    size, way = amount(answer.effect, answer.is_share), "above" if (answer.effect or 0) > 0 else "below"
    ended = "ended level" if size in ("0.0 points", "0") else f"ended {size} {way}"
    return (
        f"Against a mix of schools that moved as they did before, the trained ones {ended}: number {answer.rank} of "
        f"{answer.placebos + 1} by size, the others being schools that were not trained. That is a hint, not an answer."
    )


def board_sentence(follows: Sequence[str]) -> str:
    """What the board says, counted: how many trainings to keep, change, stop, and of how many that is not known."""
    said = [f"{word} {follows.count(word)}" for word in (KEEP, CHANGE, STOP) if follows.count(word)]
    unknown = len(follows) - sum(follows.count(word) for word in (KEEP, CHANGE, STOP))
    if not follows:
        return "No training is recorded yet"
    if unknown:
        said.append(f"not known for {unknown}" if said else "nothing is known yet that would decide it")
    return f"Of {counted(len(follows), 'training')}: {listed(said)}"


def follows_sentence(follows: str, answers: Sequence[Answer]) -> str:
    """Why a training should be kept, changed or stopped, or what is not known."""
    if follows == KEEP:
        return "keep: it went with a change the good way"
    if follows == STOP:
        return "stop or rethink: it went with a change the wrong way"
    if follows == CHANGE:
        return "change: no effect of the size that could be seen"
    if not answers:
        return "not known yet: no outcome was named"
    reasons = list(dict.fromkeys(f"{answer.measure}: {answer.reason}" for answer in answers if answer.reason))
    return f"not known yet: {'; '.join(reasons) or 'the outcomes disagree'}"


def effect_text(answers: Sequence[Answer]) -> str:
    """The effects of one training in a cell."""
    return "; ".join(
        f"{answer.measure}: {answer.verdict}"
        + (f" ({number(answer.effect, answer.is_share)})" if answer.low is not None else "")
        for answer in answers
    )


def training_name(training_id: str, titles: dict[str, str]) -> str:
    """A training's title, or all trainings together."""
    return "All trainings together" if training_id == ALL else titles.get(training_id, training_id)
