"""What writes the generated half of the broker's library (`make_sdk.py`).

The interface's own OpenAPI document says what a call takes and answers; `calls` says what it is called. From the two
come the typed models, the table of operations and both clients, one that waits and one that does not.
"""
