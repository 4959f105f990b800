"""DocumentRegistry: the documents of one product (ERC-1643)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from genbo.chain.call import Call
from genbo.chain.contracts.base import as_address
from genbo.chain.contracts.encoding import word_of
from genbo.chain.contracts.managed import Managed
from genbo.chain.hexes import bytes_of, hex_of
from genbo.chain.node import At, Pinned
from genbo.kernel import UTC, Address, Digest, from_bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document as the ledger knows it: where it is, and its digest."""

    uri: str
    digest: Digest
    modified: datetime


class DocumentRegistry(Managed):
    """The documents of one product."""

    __slots__ = ()
    ARTIFACT: ClassVar[str] = "DocumentRegistry"

    def token(self, at: At = None) -> Pinned[Address]:
        """The token whose documents these are."""
        read = self._read("token", at=at)
        return Pinned(as_address(read.value[0]), read.stamp)

    def document(self, name: str, at: At = None) -> Pinned[Document | None]:
        """The document of that name; None when there is none."""
        read = self._read("getDocument", word_of(name), at=at)
        uri, digest, modified = read.value
        if not modified:
            return Pinned(None, read.stamp)
        found = Document(
            uri=uri, digest=Digest(hex_of(digest)), modified=datetime.fromtimestamp(modified, UTC)
        )
        return Pinned(found, read.stamp)

    def names(self, at: At = None) -> Pinned[list[str]]:
        """The names of all documents."""
        read = self._read("getAllDocuments", at=at)
        return Pinned([from_bytes32(name) for name in read.value[0]], read.stamp)

    def set_document(self, name: str, *, uri: str, digest: Digest) -> Call:
        return self._write(
            f"set the document {name}", "setDocument", word_of(name), uri, bytes_of(digest)
        )

    def remove_document(self, name: str) -> Call:
        return self._write(f"remove the document {name}", "removeDocument", word_of(name))
