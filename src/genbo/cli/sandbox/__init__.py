"""The sandbox: a whole Genbo with a small invented world, for whoever builds a system that talks to one.

`world` seeds it, `serving` keeps it up. Everything runs in one process and is gone afterwards.
"""
