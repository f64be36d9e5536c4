"""The follow-up link: a plain page without sign-in, and the message that carries it."""
