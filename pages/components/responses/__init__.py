"""The parts of the Responses page."""
