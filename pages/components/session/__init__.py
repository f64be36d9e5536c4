"""The session: sign-in, the current visitor, the guard of every page, and the server's middleware."""
