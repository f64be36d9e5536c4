"""What people do, one function each with its rule, permission, write and audit entry, for every caller."""
