"""Parts of the page on trainers and MIEs."""
