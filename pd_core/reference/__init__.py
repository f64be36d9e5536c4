"""Reads and checks the district's lists: schools, roster, roles, waves. Stores nothing."""
