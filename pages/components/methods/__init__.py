"""Long parts of the Methods page."""
