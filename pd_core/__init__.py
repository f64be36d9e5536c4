"""PD Pulse's domain: a survey export becomes a school's needs. Knows no web framework.

.github/CONTRIBUTING.md has the map: what each folder does, and which others it may import.
"""
