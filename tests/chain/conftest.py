"""The chain of the development cast, for every test of this folder."""

from tests.support.chain import built_stage, stage

__all__ = ["built_stage", "stage"]
