"""The parts of the page of planning lists."""
