"""The parts of the Administration page."""
