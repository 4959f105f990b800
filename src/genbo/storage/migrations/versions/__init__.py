"""The migrations, one file each, with its SQL beside it."""
