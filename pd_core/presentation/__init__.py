"""A page's sections: heading, sentence, chart, table, notes; made once, shown by pages, PDF, slides and links alike."""
