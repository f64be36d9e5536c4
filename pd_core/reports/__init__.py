"""Content written once, with one small renderer per format."""
