"""Acts (処理): what registrar and operator order under a duty, each from its business words to the exact call.

`table.ACTS` lists them with the duties they are made under; the functions of the modules here make them. A function
judges nothing and writes nothing: what stands against an act beside the contract is in its plan (`Planned.judge`), and
so is what is written with it (`Planned.noting`).
"""

from genbo.bootstrap.acts.desk import ActDesk, Party
from genbo.bootstrap.acts.planned import Planned
from genbo.bootstrap.acts.table import ACTS, ActName, Ordering

__all__ = ["ACTS", "ActDesk", "ActName", "Ordering", "Party", "Planned"]
