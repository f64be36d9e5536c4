"""One wave of the survey, counted. With `needs` and `attack` the only reader of single answers."""
