"""Why a register, a certificate or a proof of one is refused."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.EXTENT_NOT_OPEN,
        en=Text(
            "The register is not open to a {role} in the extent {extent}.",
            "Ask for: {allowed}.",
        ),
        ja=Text(
            "役割 {role} には、原簿を範囲 {extent} で出力できません。",
            "次のいずれかを指定してください：{allowed}。",
        ),
    ),
    ReasonEntry(
        reason=Reason.PRINTOUT_UNREADABLE,
        en=Text(
            "The file {file} cannot be taken for a register that was printed here[: {problem}].",
            "Give the file itself as it was issued: JSON, CSV, Excel or PDF.",
        ),
        ja=Text(
            "ファイル {file} はここで出力された原簿として読み取れません[：{problem}]。",
            "発行されたファイル（JSON・CSV・Excel・PDF）をそのまま指定してください。",
        ),
    ),
)
