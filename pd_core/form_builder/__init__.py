"""The survey's form, ready to make in another program: its questions as one list, and a writer for each format."""
