"""`python -m genbo`: the same as the command `genbo`."""

from genbo.cli.main import app

if __name__ == "__main__":
    app()
