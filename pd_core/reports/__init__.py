"""Content once, one small renderer a format."""
