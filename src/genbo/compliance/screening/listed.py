"""Lists (制裁対象者リスト): who is listed, in which version, and what changed between two versions."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from genbo.compliance.screening.names import Kind
from genbo.kernel import Digest, Reason, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry of a list, the same from every format."""

    id: str
    """The list's own id of it, which is public."""
    kind: Kind
    names: tuple[str, ...] = field(repr=False)
    """The main name, then the others, as the list writes them. Empty for a thing without one, such as a wallet."""
    births: tuple[str, ...] = field(default=(), repr=False)
    """Dates of birth as far as known: YYYY, YYYY-MM or YYYY-MM-DD."""
    programs: tuple[str, ...] = ()
    """The measures it is listed under, as the list names them."""

    @property
    def digest(self) -> Digest:
        """SHA-256 of all that is said of it: a release of a hit holds as long as this is the same."""
        said = (self.id, self.kind, self.names, self.births, self.programs)
        return Digest("0x" + hashlib.sha256(json.dumps(said).encode()).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersion:
    """Which list, exactly: stored with each screening."""

    name: str
    """Which list it is for us, the same in every version: `ofac-sdn`, `mof-japan`."""
    source: str
    """The format it was read from."""
    published: date
    """The day its publisher gives."""
    digest: Digest
    """SHA-256 of the file."""
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionsList:
    """A whole list in one version. Never part of one: a reader refuses a file or gives all of it."""

    version: ListVersion
    entries: tuple[Listed, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What changed from one version of a list to the next."""

    before: ListVersion
    after: ListVersion
    added: frozenset[str]
    changed: frozenset[str]
    removed: frozenset[str]
    fresh: tuple[Listed, ...] = field(repr=False)
    """The entries added or changed: everybody is screened against these."""

    @property
    def touched(self) -> frozenset[str]:
        """Entries that are no longer what they were: a match with one of them is void."""
        return self.changed | self.removed


def delta(before: SanctionsList, after: SanctionsList) -> Delta:
    """What `after` has that `before` had not, has otherwise, or no longer has.

    Raises:
        Refusal: `screening_list_differs`: they are not two versions of one list.
    """
    if before.version.name != after.version.name:
        raise Refusal(
            Reason.SCREENING_LIST_DIFFERS, list=after.version.name, other=before.version.name
        )
    old, new = _by_id(before.entries), _by_id(after.entries)
    added = frozenset(new.keys() - old.keys())
    changed = frozenset(each for each in new.keys() & old.keys() if new[each] != old[each])
    return Delta(
        before=before.version,
        after=after.version,
        added=added,
        changed=changed,
        removed=frozenset(old.keys() - new.keys()),
        fresh=tuple(each for each in after.entries if each.id in added | changed),
    )


def _by_id(entries: Iterable[Listed]) -> dict[str, Listed]:
    return {each.id: each for each in entries}
