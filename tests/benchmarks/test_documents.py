"""The benchmark of documents, small: it says what it promises for each form."""

import json

from benchmarks import documents

from genbo.reporting import Form

PROCESSOR_MILLISECONDS_PER_HOLDER = 8.0
"""Of the PDF, start of the fonts apart; measured: about 0.4."""


def test_documents__a_few_holders__each_form_has_all_of_them() -> None:
    found = json.loads(json.dumps(documents._of(400, [Form.CSV, Form.PDF])))
    assert set(found) == {"csv", "pdf"}
    for told in found.values():
        assert told["lots"] >= told["holders"] >= 400
        assert told["seconds"] >= told["seconds_to_read"] > 0
        assert told["peak_mebibytes"] > 0
    spent = 1000 * found["pdf"]["processor_seconds"] / 400
    assert spent < PROCESSOR_MILLISECONDS_PER_HOLDER
