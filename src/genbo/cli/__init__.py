"""The command line: turns what a person types into one operation or query, and the answer into a table or JSON.

It holds no rule. People get tables and one-line errors that say what to do; machines get JSON with `--json`.
"""
