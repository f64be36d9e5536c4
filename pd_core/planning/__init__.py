"""The district's trainings with the people it has: problem, model, result. Pure: no store, no files, no clock of its
own but the time limit."""
