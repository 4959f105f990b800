"""FileProblems: everything that is wrong with a file."""

from collections.abc import Sequence
from pathlib import Path

from genbo.compliance.reasons import Language
from genbo.kernel import Fault, Refusal


class FileProblems(Fault):
    """Everything that is wrong with a file, in the order of its lines; as one fault it is the first of them."""

    def __init__(
        self, path: Path, problems: Sequence[Refusal], *, count: int | None = None
    ) -> None:
        """
        Args:
            count: how many there are, where only the first are given.
        """
        ordered = sorted(problems, key=lambda each: _line(each))
        first = ordered[0]
        super().__init__(first.reason, **{"file": path.name, **first.facts})
        self.problems = tuple(ordered)
        self._file = path.name
        self._count = count or len(self.problems)

    def each(self) -> list[Refusal]:
        """Every problem, with the name of the file."""
        return [
            Refusal(each.reason, **{"file": self._file, **each.facts}) for each in self.problems
        ]

    def count(self, language: Language) -> str:
        """How many there are, and that nothing was done."""
        found = self._count
        if language is Language.JA:
            return f"{self._file}：{found:,} 件の誤りがあります。何も適用されていません。"
        problems = "1 problem" if found == 1 else f"{found:,} problems"
        return f"{self._file}: {problems}; nothing was applied."


def _line(problem: Refusal) -> int:
    line = problem.facts.get("line")
    return line if isinstance(line, int) else 0
