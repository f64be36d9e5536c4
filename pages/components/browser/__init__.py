"""What the browser itself does for the pages: print, show the focus, copy, and say that the server is away."""
