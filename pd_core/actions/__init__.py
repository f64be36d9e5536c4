"""What people do: rule, permission, write and audit in one function each, for every caller."""
