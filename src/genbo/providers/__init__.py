"""Providers: outside services, each with a real adapter and an honest development twin."""
