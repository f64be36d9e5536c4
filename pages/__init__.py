"""The pages: guard, filters, one call per figure, show."""
