"""The page of a follow-up link: the session's actions and three answers; no sign-in, no cookie, nothing of others."""

from __future__ import annotations

import asyncio
from html import escape
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pages.components import clock, data
from pages.components.next_day.limits import Limit
from pages.components.signed_files import refusal_of
from pd_core.actions import next_day
from pd_core.actions.next_day import FollowUp
from pd_core.summaries.next_day import ANSWERS
from pd_core.wording import day_said

PATH: Final = "/next-day/{token}"
OPENED, ANSWERED, OF_SESSION = Limit(300), Limit(90), Limit(180)
"""Requests a minute: of one address, and answers to one link."""
_MOST_BYTES: Final = 4_096
_HEADERS: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_STYLE: Final = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;"
    "background:#fff}button{display:block;width:100%;font:inherit;padding:.8rem;margin:.6rem 0;border:2px solid "
    "#0b5394;border-radius:.5rem;background:#fff;color:#0b3d6b}label{display:block;margin-top:1rem}input[type=text]"
    "{font:inherit;width:100%;padding:.5rem;box-sizing:border-box}p.small{font-size:.85rem;color:#444}"
)
# A device keeps its own random code, so that it answers once; without a script it gets another each time.
_SCRIPT: Final = (
    "try{var f=document.forms[0],k='pd-next-day-'+f.dataset.of,v=localStorage.getItem(k);"
    "if(v){f.device.value=v}else{localStorage.setItem(k,f.device.value)}}catch(e){}"
)


async def route(request: Request) -> Response:
    """Show the link's page, or take an answer."""
    place = request.client.host if request.client else ""
    is_answer = request.method == "POST"
    token = request.path_params["token"]
    if not (ANSWERED if is_answer else OPENED).allows(place) or (is_answer and not OF_SESSION.allows(token[:200])):
        return _page("Please wait a minute", "Many people are answering from here at once. Then try again.", 429)
    body = b""
    if is_answer:
        async for part in request.stream():
            body += part
            if len(body) > _MOST_BYTES:
                return _page("This answer can't be taken", "It is too long. Shorten your line.", 413)
    try:
        return await asyncio.to_thread(_answered if is_answer else _opened, token, body)
    except Exception as error:
        refusal = refusal_of(error, "This answer can't be taken" if is_answer else "This can't be shown", 409)
        return _page(refusal.title, refusal.text, refusal.status)


def _opened(token: str, _body: bytes) -> Response:
    store, key = data.store(), data.key()
    with store.at_one_revision():
        about = next_day.follow_up(store, token, key, clock.today())
    if about is None:
        return _page("This link does not work", "Ask the trainer for the link of your session.", 404)
    if not about.is_open:
        return _page("This link is closed", "It took answers for two weeks after the session.", 410)
    return HTMLResponse(_form(about, next_day.new_device(about.session_id, key)), headers=_HEADERS)


def _answered(token: str, body: bytes) -> Response:
    sent = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    about = next_day.take_answer(
        data.store(), token, sent.get("device", ""), sent.get("answer", ""), sent.get("line", ""), data.key(),
        clock.today(),
    )  # fmt: skip
    until = f"You can change it on this device until {day_said(about.closes_on)}."
    return _page("Thank you", f"Your answer is stored without your name. {until}", 200)


def _form(about: FollowUp, device: str) -> str:
    actions = "".join(f"<li>{escape(action)}</li>" for action in about.actions)
    buttons = "".join(
        f'<button name="answer" value="{escape(answer)}">{escape(label)}</button>' for answer, label in ANSWERS.items()
    )
    return _html(
        about.title,
        f"<p>For the day after this session:</p><ul>{actions}</ul><h2>Did you do it?</h2>"
        f'<form method="post" data-of="{escape(about.session_id)}">'
        f'<input type="hidden" name="device" value="{escape(device)}">'
        f'<label for="line">One line about it, if you like (no names, please)</label>'
        f'<input type="text" id="line" name="line" maxlength="{next_day.MOST_LINE}">{buttons}</form>'
        f'<p class="small">No sign-in and no name. Only the trainer\'s team sees how many did it, and only where five '
        f"or more answered. Open until {day_said(about.closes_on)}.</p><script>{_SCRIPT}</script>",
    )


def _page(heading: str, text: str, status: int) -> Response:
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    return HTMLResponse(_html(heading, lines), status, headers=_HEADERS)


def _html(heading: str, content: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,'
        f'initial-scale=1"><title>{escape(heading)} · PD Pulse</title><style>{_STYLE}</style><body><main>'
        f"<h1>{escape(heading)}</h1>{content}</main></body></html>"
    )
