"""Parts of the page on hours and money."""
