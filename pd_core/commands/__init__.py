"""What each command does; pd_core.command_line names and starts them."""
