"""Small-cell suppression, and nothing else: which groups are hidden, and frames without their numbers."""
