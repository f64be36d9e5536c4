"""Statistics of the survey: a frame in, the frame with measured columns out; nothing is read, stored or hidden here."""
