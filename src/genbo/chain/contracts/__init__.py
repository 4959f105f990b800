"""Typed wrappers, one file per contract.

Reads take the block to read at and answer with its stamp. Writes answer with a `Call`: who makes it is decided by
whoever sends it, or by the Safe that wraps it.
"""
