"""Columns of staff (ユーザ情報の項目): what an administrator types about a user, by the rules of table T14."""

from genbo.masters.catalogue import TABLES
from genbo.masters.record import read_cells

_COLUMNS = ("branch_code", "branch_name", "section_group", "user_name", "employee_code")


def canonical(
    *, branch_code: str, branch_name: str, section_group: str, name: str, employee_code: str
) -> dict[str, str]:
    """The five columns as they are kept, under the names of `governance.users.User`.

    Raises:
        Refusal: `field_missing`, `field_invalid` with the first column that breaks its rule; never with its value.
    """
    given = (branch_code, branch_name, section_group, name, employee_code)
    fields = [TABLES[14][column] for column in _COLUMNS]
    values, problems = read_cells(fields, dict(zip(_COLUMNS, given, strict=True)))
    for problem in problems:
        raise problem
    kept = {column: value or "" for column, value in values.items()}
    return {("name" if column == "user_name" else column): kept[column] for column in _COLUMNS}
