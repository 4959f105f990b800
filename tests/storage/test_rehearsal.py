"""Rehearsals: what is done in one is seen by it alone, and taken back whole.

given a rehearsal that runs
├── when something is stored: its readings see it, nobody else does, and at its end nobody does
├── when a part of it fails: that part is taken back, and the rest goes on
├── when something is stored apart, or kept: it stays
├── when another thread works beside it: that is no part of it; one that it waits for is
└── when the connection is lost: it ends all the same
"""

from __future__ import annotations

import threading
from contextvars import copy_context

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from genbo.kernel import Fault, Reason
from genbo.storage.engine import Database
from genbo.storage.rehearsal import apart, is_rehearsing, keep


@pytest.fixture
def words(database: Database) -> Database:
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE word (said text PRIMARY KEY)"))
    return database


def say(connection: Connection, word: str) -> None:
    connection.execute(text("INSERT INTO word VALUES (:word)"), {"word": word})


def said(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.scalars(text("SELECT said FROM word ORDER BY said")))


def test_rehearsal__of_what_is_stored__is_seen_by_itself_and_taken_back(words: Database) -> None:
    rehearsal = words.rehearsal()
    with rehearsal.running():
        assert is_rehearsing()
        with words.begin() as connection:
            say(connection, "one")
            with words.begin() as inner:
                say(inner, "two")
        assert said(words) == ["one", "two"]
        with apart():
            assert said(words) == []
    assert not is_rehearsing()
    assert said(words) == []
    rehearsal.end()
    assert said(words) == []


def test_rehearsal__of_which_a_part_fails__goes_on_without_it(words: Database) -> None:
    rehearsal = words.rehearsal()
    with rehearsal.running():
        with words.begin() as connection:
            say(connection, "one")
        with pytest.raises(IntegrityError), words.begin() as connection:
            connection.execute(text("INSERT INTO word VALUES ('two'), ('one')"))
        assert said(words) == ["one"]
    rehearsal.end()


def test_rehearsal__with_something_apart_or_kept__leaves_that_alone(words: Database) -> None:
    rehearsal = words.rehearsal()
    with rehearsal.running():
        with apart(), words.begin() as connection:
            say(connection, "learned")
        with words.begin() as connection:
            say(connection, "done")
            keep(connection, lambda noting: say(noting, "told"))
    rehearsal.end()
    assert said(words) == ["learned", "told"]
    with words.begin() as connection:
        keep(connection, lambda noting: say(noting, "at once"))
        assert said(words) == ["learned", "told"]
    assert said(words) == ["at once", "learned", "told"]


def test_rehearsal__beside_another_thread__is_not_of_it(words: Database) -> None:
    def work(word: str) -> None:
        with words.begin() as connection:
            say(connection, word)

    rehearsal = words.rehearsal()
    with rehearsal.running():
        context = copy_context()
        for target in (lambda: work("another's"), lambda: context.run(work, "its own")):
            thread = threading.Thread(target=target)
            thread.start()
            thread.join()
        assert said(words) == ["another's", "its own"]
    rehearsal.end()
    assert said(words) == ["another's"]


def test_rehearsal__whose_connection_is_lost__ends(words: Database) -> None:
    rehearsal = words.rehearsal()
    with rehearsal.running():
        with words.begin() as connection:
            say(connection, "one")
            pid = connection.scalar(text("SELECT pg_backend_pid()"))
        with words.engine.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(Fault) as caught, words.begin() as connection:
            say(connection, "two")
        assert caught.value.reason is Reason.DATABASE_UNREACHABLE
    rehearsal.end()
    rehearsal.end()
    assert said(words) == []
