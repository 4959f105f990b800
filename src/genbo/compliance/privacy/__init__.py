"""Privacy (個人情報の取扱い): for which purposes personal data is opened, how long it is kept, and how it is searched.

Pure rules: they know no database and no key. What they promise: nothing is erased before every ground to keep it has
ended, nothing restricted is opened but for what the law demands, and a search form is the same for everybody.
"""

from genbo.compliance.privacy.purpose import WHILE_RESTRICTED, Purpose
from genbo.compliance.privacy.retention import (
    Ground,
    Kept,
    KeptFor,
    LegalHold,
    RetentionRules,
    earliest_erasure,
    kept_for,
    require_erasable,
)
from genbo.compliance.privacy.search_form import SEARCHED, forms_of, searched_as

__all__ = [
    "SEARCHED",
    "WHILE_RESTRICTED",
    "Ground",
    "Kept",
    "KeptFor",
    "LegalHold",
    "Purpose",
    "RetentionRules",
    "earliest_erasure",
    "forms_of",
    "kept_for",
    "require_erasable",
    "searched_as",
]
