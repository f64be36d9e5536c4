"""Documents to take away: the brief's own plain page, and the downloads."""
