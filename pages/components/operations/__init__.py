"""What the people and programs that keep the server running ask it: health, readiness, metrics, logs."""
