"""A page's sections: heading, sentence, chart, table, notes. Made once; pages, PDF, slides and links show the same."""
