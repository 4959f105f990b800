"""Events from the JSON of a node to committed rows: raw events, positions, lots, totals and trades. Prints JSON.

python -m benchmarks.events                 3,000, 30,000 and 300,000 events; about a minute
python -m benchmarks.events --events 200000 one run of so many events
python -m benchmarks.events --profile       what Python spends its time on, on standard error
"""

from __future__ import annotations

SIZES = (3_000, 30_000, 300_000)
TARGET = 30_000
"""Events a second, time of the node apart."""
