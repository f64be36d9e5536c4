"""Feeds of tables: their route, and their part of the Share dialog."""
