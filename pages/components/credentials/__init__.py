"""The parts of the Credentials page."""
