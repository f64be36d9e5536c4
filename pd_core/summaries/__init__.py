"""Query, measure, hide: the only numbers that pages, files and the command line ever see."""
