"""The interface (API): what the systems of firms ask and order, over HTTP, under `/v1`.

It turns a request into one operation or query and holds no rule. Promises, the same for every route:

- an answer that says no is a problem (RFC 9457) with the reason code, its facts and what to do, in both languages;
- whatever changes something needs an Idempotency-Key, and happens once under it;
- a list comes in pages, and never more than a page at once;
- what is said of the ledger says at which block;
- whoever asks for what is not theirs is told that it is not there.
"""
