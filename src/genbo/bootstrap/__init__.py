"""Bootstrap: the only place that knows every concrete class.

`house` puts a chain, a database and a vault together as the settings say; `office` is the registrar's work on top of
them; `indexer` reads the ledger into the register; `printing` and `inspection` ask both. Tests call the same functions
with a data folder of their own. Import from the modules: loading all of it takes seconds.
"""
