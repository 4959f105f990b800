"""What things cost, each by one command; see README.md."""
