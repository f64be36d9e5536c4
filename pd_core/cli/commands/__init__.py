"""What each command does; pd_core.cli.app names and starts them."""
