"""Why a command or a bulk act is refused before any contract is asked."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.COMMAND_UNKNOWN,
        en=Text("There is no command {command}.", "Check the id; `genbo command list` shows them."),
        ja=Text(
            "指図 {command} はありません。",
            "指図IDを確認してください。`genbo command list` で一覧できます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.COMMAND_KEY_REUSED,
        en=Text(
            "The idempotency key '{key}' belongs to another act[ (command {command})].",
            "Use a new key for a new act; send the same body to repeat the old one.",
        ),
        ja=Text(
            "冪等キー「{key}」は別の処理[（指図 {command}）]に使われています。",
            "新しい処理には新しいキーを使い、再送の場合は同じ内容を送ってください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.COMMAND_NOT_OPEN,
        en=Text(
            "The command {command} is {state}: nothing can be added to it or taken back.",
            "Order the opposite act, or a new one.",
        ),
        ja=Text(
            "指図 {command} は「{state}」のため、承認や取下げはできません。",
            "反対の処理、または新しい処理を指図してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.JOB_UNKNOWN,
        en=Text("There is no job {job}.", "Check the id; `genbo job list` shows them."),
        ja=Text(
            "一括処理 {job} はありません。",
            "一括処理IDを確認してください。`genbo job list` で一覧できます。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ACT_TOO_LARGE,
        en=Text(
            "The act needs {gas} gas, more than a block has ({most}).",
            "Cut it into smaller ones; a bulk act does so by itself.",
        ),
        ja=Text(
            "この処理には {gas} ガスが必要で、ブロックの上限（{most}）を超えます。",
            "小さく分割してください。一括処理は自動的に分割されます。",
        ),
    ),
)
