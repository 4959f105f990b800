"""Keys in memory, by the same promises as those in a database."""

from collections import defaultdict
from collections.abc import Sequence

from genbo.custody.model import Key
from genbo.custody.ports import Extent
from genbo.kernel import Address, InvestorId, ProductId


class KeysInMemory:
    """Every key, found by address, by investor and by tree."""

    def __init__(self) -> None:
        self._keys: dict[Address, Key] = {}
        self._of_investor: defaultdict[tuple[ProductId, InvestorId], list[Address]]
        self._of_investor = defaultdict(list)
        self._extents: dict[str, Extent] = {}

    def of_investor(self, product: ProductId, investor: InvestorId) -> Sequence[Key]:
        return [self._keys[address] for address in self._of_investor[product, investor]]

    def at_address(self, address: Address) -> Key | None:
        return self._keys.get(address)

    def extent(self, tree: str) -> Extent:
        return self._extents.get(tree, Extent(0, None))

    def keep(self, key: Key) -> None:
        if key.address not in self._keys:
            self._of_investor[key.product, key.investor].append(key.address)
        self._keys[key.address] = key
        if key.tree is None or key.index is None:
            return
        extent = self.extent(key.tree)
        last = extent.last_registered
        if key.valid_from is not None:
            last = key.index if last is None else max(last, key.index)
        self._extents[key.tree] = Extent(max(extent.next_index, key.index + 1), last)
