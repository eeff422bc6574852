"""What two or more cogs share when they talk with people."""
