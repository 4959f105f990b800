"""The words of the reason table, one module per group of reasons. `compliance.reasons` puts them
together.
"""
