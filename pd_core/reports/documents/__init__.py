"""Documents to take away, one renderer a format: what they say is written in `presentation`."""
