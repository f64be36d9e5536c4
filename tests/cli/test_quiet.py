"""What the solver prints by itself stays out of a command's output."""

from __future__ import annotations

import ctypes
import os
import sys

import pytest

from pd_core.cli.quiet import libraries_quiet

pytestmark = pytest.mark.skipif(os.name == "nt", reason="prints through the C library of POSIX")


def test_what_a_library_prints_is_dropped_and_what_python_prints_is_not(capfd: pytest.CaptureFixture[str]) -> None:
    c_library = ctypes.CDLL(None)
    sys.stdout.write("before\n")
    with libraries_quiet():
        c_library.printf(b"a line of the solver\n")
        c_library.puts(b"and another")
    sys.stdout.write("after\n")
    sys.stdout.flush()
    c_library.fflush(None)
    assert capfd.readouterr().out == "before\nafter\n"


def test_after_an_error_the_output_is_back(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError), libraries_quiet():
        raise ValueError
    os.write(1, b"here")
    assert capfd.readouterr().out == "here"
