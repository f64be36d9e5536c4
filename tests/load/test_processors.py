"""A process that is held to a share of a processor gets no more of it, and goes on without limit afterwards."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.processors import held
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="only Linux tells what a process used")
WORK, SHARE = 0.4, 0.25
END_SECONDS = 120


@pytest.fixture
def busy() -> Iterator[subprocess.Popen[bytes]]:
    """A process that, once it may begin, has work for so many seconds of a processor, and then ends."""
    program = f"import time\ninput()\nwhile time.process_time() < {WORK}: pass"
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def work(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.flush()


def test_a_held_process_takes_as_much_longer_as_its_share_is_smaller(busy: subprocess.Popen[bytes]) -> None:
    begin = time.monotonic()
    with held([busy.pid], SHARE):
        work(busy)
        assert busy.wait(END_SECONDS) == 0
    assert time.monotonic() - begin > 0.7 * WORK / SHARE, "the rest was used or saved before it began to work"


def test_a_process_that_was_stopped_is_let_go_at_the_end(busy: subprocess.Popen[bytes]) -> None:
    with held([busy.pid], SHARE / 1000):
        work(busy)
        state = Path(f"/proc/{busy.pid}/stat")
        wait_until(lambda: state.read_text().rpartition(") ")[2].startswith("T"), "the process is stopped")
    assert busy.wait(END_SECONDS) == 0
