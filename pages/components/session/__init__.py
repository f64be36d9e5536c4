"""Who is here: sign-in, the current visitor, the guard of every page, and what every request passes."""
