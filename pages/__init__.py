"""The pages: guard, filters, one call per section, display."""
