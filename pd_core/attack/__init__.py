"""The privacy self-attack: tries to work out what is hidden from all that is published."""
