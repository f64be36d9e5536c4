"""The desk of the ingestion tests."""

from tests.ingestion.conftest import desk  # noqa: F401
