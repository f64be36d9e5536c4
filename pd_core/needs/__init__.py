"""What each school needs, how sure that is, and whether enough people answered to decide."""
