"""Charts: a frame from ``pd_core.summaries`` in, an Altair chart out; nothing is read, counted or suppressed here."""
