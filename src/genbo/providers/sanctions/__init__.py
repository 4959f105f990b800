"""Sanctions lists from files the operator supplies: three formats, the same entries.

Promises: nothing is fetched; a file is taken whole or refused with the place that is wrong; memory grows with the
names that are kept and not with the file; no value of a file stands in a refusal.
"""

from genbo.providers.sanctions.followthemoney import read_followthemoney
from genbo.providers.sanctions.ofac_sdn import read_ofac_sdn
from genbo.providers.sanctions.opensanctions_csv import read_opensanctions_csv

__all__ = ["read_followthemoney", "read_ofac_sdn", "read_opensanctions_csv"]
