"""PD Pulse's domain: a survey export becomes a school's needs. Knows no web framework.

Parts, each importing only parts further right:
`reports → summaries | ingestion → storage | charts | planning | growth → measures → codebook | config → errors`.
"""
