"""The parts of a page are sent together: those of its first screen, then the rest; after a click, first its title."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.RootContainer_pb2 import RootContainer

from pages.components import heat_table, sorted_table
from pages.components.browser import bursts
from pages.components.browser.bursts import END, InBursts
from pd_core.charts.comparison import HeatTable
from tests.coroutines import finished

Steps = Callable[[Send, list[Message]], Awaitable[None]]
NEVER = 3600


def part(words: str = "", *, beside: bool = False) -> Message:
    """A part of the page, or of the sidebar `beside` it."""
    said = ForwardMsg()
    said.delta.new_element.markdown.body = words
    said.metadata.delta_path.append(RootContainer.SIDEBAR if beside else RootContainer.MAIN)
    return sent(said)


def heading(tag: str) -> Message:
    said = ForwardMsg()
    said.delta.new_element.heading.tag = tag
    return sent(said)


def chart() -> Message:
    said = ForwardMsg()
    said.delta.new_element.vega_lite_chart.spec = "{}"
    return sent(said)


def many_schools() -> Message:
    said = ForwardMsg()
    said.delta.new_element.html.body = heat_table.html(HeatTable("", (), ()))
    return sent(said)


def table() -> Message:
    said = ForwardMsg()
    said.delta.new_element.dataframe.SetInParent()
    return sent(said)


def begun(page: str = "overview") -> Message:
    said = ForwardMsg()
    said.new_session.page_script_hash = page
    return sent(said)


def script_finished() -> Message:
    return sent(ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY))


def sent(said: ForwardMsg) -> Message:
    return {"type": "websocket.send", "bytes": said.SerializeToString()}


def without_ends(arrived: list[Message]) -> list[Message]:
    """The parts as Streamlit's page reads them."""
    read = [ForwardMsg.FromString(one["bytes"]) for one in arrived]
    for one in read:
        one.DiscardUnknownFields()
    return [sent(one) for one in read]


def ends(arrived: list[Message]) -> list[int]:
    """What each part says to connection.js: 0 nothing, 1 the burst ends, 2 and 3 it ends with a chart or a table, 4 it
    fills the first screen."""
    return [one["bytes"][-1] if one["bytes"][-5:-1] == END else 0 for one in arrived]


async def turns() -> None:
    """Let everything go on that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def connect(steps: Steps, *, gone: bool = False, reads: asyncio.Event | None = None) -> None:
    """Run steps as an app with a connection; they get what to send with, and what has reached the browser.

    The browser may be gone, or take nothing in until it `reads`.
    """
    arrived: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await steps(send, arrived)

    async def receive() -> Message:
        return {"type": "websocket.disconnect"}

    async def send(message: Message) -> None:
        if gone:
            raise OSError("the browser is gone")
        if reads:
            await reads.wait()
        arrived.append(message)

    finished(InBursts(app)({"type": "websocket"}, receive, send))


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No burst ends because of the time."""
    monkeypatch.setattr(bursts, "TOGETHER_SECONDS", NEVER)
    monkeypatch.setattr(bursts, "TITLE_SECONDS", 0)
    return monkeypatch


def test_a_short_new_page_is_one_burst_and_after_a_click_its_title_comes_first(patient: pytest.MonkeyPatch) -> None:
    run = [begun(), part("above"), heading("h2"), heading("h1"), part("below"), heading("h3"), script_finished()]

    async def steps(send: Send, arrived: list[Message]) -> None:
        seen = []
        for one in (*run, *run):
            await send(one)
            await turns()
            seen.append(len(arrived))
        assert seen == [0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 11, 11, 11, 14]
        assert without_ends(arrived) == [*run, *run]
        assert ends(arrived) == [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1]

    connect(steps)


def test_what_follows_the_first_chart_and_the_first_table_of_a_run_comes_after_it(patient: pytest.MonkeyPatch) -> None:
    run = [begun(), heading("h1"), part("above"), chart(), part("below"), chart(), table(), table(), script_finished()]

    async def steps(send: Send, arrived: list[Message]) -> None:
        for one in (*run, *run):
            await send(one)
        assert without_ends(arrived) == [*run, *run]
        assert ends(arrived) == [0, 0, 0, 2, 0, 0, 3, 0, 1, 0, 1, 0, 2, 0, 0, 3, 0, 1]

    connect(steps)


def test_a_first_screen_without_chart_and_table_is_drawn_before_what_is_below_it_once_a_page(
    patient: pytest.MonkeyPatch,
) -> None:
    patient.setattr(bursts, "SCREEN_PARTS", 2)
    run = [heading("h1"), part(), part(beside=True), part(), part(), part(), script_finished()]

    async def steps(send: Send, arrived: list[Message]) -> None:
        for one in (begun("plan"), *run, begun("plan"), *run, begun("hours"), *run):
            await send(one)
        filled, at_once = [0, 0, 0, 0, 4, 0, 0, 1], [0, 1, 0, 0, 0, 0, 0, 1]
        assert ends(arrived) == [*filled, *at_once, *filled]

    connect(steps)


def test_a_first_screen_with_a_chart_is_not_waited_for_twice(patient: pytest.MonkeyPatch) -> None:
    patient.setattr(bursts, "SCREEN_PARTS", 2)

    async def steps(send: Send, arrived: list[Message]) -> None:
        for one in (begun(), heading("h1"), part(), chart(), part(), part(), script_finished()):
            await send(one)
        assert ends(arrived) == [0, 0, 0, 2, 0, 0, 1]

    connect(steps)


def test_a_map_of_many_schools_fills_a_first_screen(patient: pytest.MonkeyPatch) -> None:
    run = [heading("h1"), part(), many_schools(), part(), chart(), script_finished()]

    async def steps(send: Send, arrived: list[Message]) -> None:
        for one in (begun(), *run, begun(), *run):
            await send(one)
        assert ends(arrived) == [0, 0, 0, 4, 0, 2, 1, 0, 1, 0, 0, 0, 2, 1]

    connect(steps)


def test_what_comes_at_once_after_a_click_is_parted_behind_the_title(patient: pytest.MonkeyPatch) -> None:
    patient.setattr(bursts, "TITLE_SECONDS", NEVER)
    parts = [begun(), script_finished(), begun(), heading("h1"), part("below"), script_finished()]

    async def steps(send: Send, arrived: list[Message]) -> None:
        for one in parts[:5]:
            await send(one)
        last = asyncio.ensure_future(send(parts[5]))
        await turns()
        assert without_ends(arrived) == parts[:4]
        last.cancel()

    connect(steps)


def test_a_slow_page_is_sent_as_it_comes(patient: pytest.MonkeyPatch) -> None:
    patient.setattr(bursts, "TOGETHER_SECONDS", 0)

    async def steps(send: Send, arrived: list[Message]) -> None:
        for number in (1, 2):
            await send(part("slow"))
            await turns()
            assert ends(arrived) == number * [1]

    connect(steps)


def test_a_browser_that_does_not_read_holds_up_its_own_page_and_fills_no_memory(patient: pytest.MonkeyPatch) -> None:
    reads = asyncio.Event()
    taken: list[Message] = []

    async def steps(send: Send, arrived: list[Message]) -> None:
        async def page() -> None:
            for one in (part(), chart(), part(), part(), script_finished()):
                await send(one)
                taken.append(one)

        written = asyncio.create_task(page())
        await turns()
        assert len(taken) == 1
        reads.set()
        await written
        assert len(arrived) == 5

    connect(steps, reads=reads)


def test_what_could_not_be_sent_later_is_told_of_at_the_next_part(patient: pytest.MonkeyPatch) -> None:
    patient.setattr(bursts, "TOGETHER_SECONDS", 0)

    async def steps(send: Send, arrived: list[Message]) -> None:
        await send(part())
        await turns()
        for _ in range(2):
            with pytest.raises(OSError, match="the browser is gone"):
                await send(part())

    connect(steps, gone=True)


def test_opening_and_closing_wait_for_nothing(patient: pytest.MonkeyPatch) -> None:
    async def steps(send: Send, arrived: list[Message]) -> None:
        await send({"type": "websocket.accept"})
        await send(part("of no use any more"))
        await send({"type": "websocket.close"})
        assert [one["type"] for one in arrived] == ["websocket.accept", "websocket.close"]

    connect(steps)


def test_a_browser_that_is_gone_is_told_of(patient: pytest.MonkeyPatch) -> None:
    async def steps(send: Send, arrived: list[Message]) -> None:
        with pytest.raises(OSError, match="the browser is gone"):
            await send(script_finished())

    connect(steps, gone=True)


def test_other_requests_are_left_as_they_are() -> None:
    seen: list[Send] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(send)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    finished(InBursts(app)({"type": "http"}, receive, send))
    assert seen == [send]


def test_the_tables_of_our_own_are_known_by_what_they_write() -> None:
    rows = sorted_table.html("schools", "", {"name": "School"}, {"name": ""}, [], "name", is_reversed=False)
    assert bursts.TABLE_OF_HTML in rows
    assert bursts.TABLE_OF_HTML in heat_table.html(HeatTable("", (), ()))
