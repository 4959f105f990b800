"""record: a dataclass whose instances the type checker keeps frozen, and nobody else.

A register makes a dozen of them for every event it reads, by the million. What `dataclass(frozen=True)` does at run
time to stop an assignment that the type checker has already refused makes each of them two to three times as dear.
So facts that are made in bulk are declared with `record`; to a type checker and to a reader it is `dataclass`.
"""

from typing import TYPE_CHECKING, Any

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    from dataclasses import dataclass

    def record(**options: Any) -> Any:
        """As `dataclasses.dataclass`. A frozen one is compared and hashed by its values, but not guarded."""
        frozen = options.pop("frozen")
        return dataclass(unsafe_hash=frozen, **options)
