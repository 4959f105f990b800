"""Somebody outside: prepares an act, signs what it is shown with a library of others, and submits it."""

from __future__ import annotations

from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak
from httpx import Response
from tests.api.conftest import World

from genbo.chain.development import person
from genbo.governance import CommandId, Stored
from genbo.storage.commands import Commands

DOCUMENT = {"document": "DOC-1", "sha256": "0x" + 64 * "d"}


def account(name: str) -> str:
    return str(person(name).address)


def signature(name: str, typed_data: dict[str, Any], digest: str) -> str:
    """`name`'s signature over typed data, hashed by another library than ours."""
    signable = encode_typed_data(full_message=typed_data)
    hashed = keccak(b"\x19" + signable.version + signable.header + signable.body)
    assert "0x" + hashed.hex() == digest
    key = person(name)._account.key
    return "0x" + bytes(Account.from_key(key).sign_message(signable).signature).hex()


def signed(name: str, prepared: dict[str, Any], *, safe: bool = False) -> dict[str, Any]:
    """What `submit` wants of `name`."""
    one: dict[str, Any] = {
        "account": account(name),
        "signature": signature(name, **prepared["sign"]),
    }
    if safe:
        data = dict(prepared["safe"])
        one["safe_nonce"] = data.pop("nonce")
        one["safe_signature"] = signature(name, **data)
    return one


def prepared(
    world: World, who: str, path: str, body: dict[str, Any], *, maker: str, key: str
) -> Any:
    told = world.order(
        who, path, {**body, "maker": {"account": account(maker)}}, key=key, mode="prepare"
    )
    assert told.status_code == 200, told.text
    return told.json()


def ordered(
    world: World,
    who: str,
    path: str,
    body: dict[str, Any],
    *,
    maker: str,
    key: str,
    safe: bool = False,
    headers: dict[str, str] | None = None,
) -> Response:
    """Prepared, signed and submitted by `maker`."""
    told = prepared(world, who, path, body, maker=maker, key=key)
    submitted = {**body, "maker": signed(maker, told, safe=safe)}
    return world.order(who, path, submitted, key=key, headers=headers)


def approved(
    world: World, who: str, command: str, *, by: str, key: str | None = None, safe: bool = False
) -> Response:
    path = f"/commands/{command}/approvals"
    told = world.order(who, path, {"account": account(by)}, mode="prepare")
    assert told.status_code == 200, told.text
    return world.order(who, path, signed(by, told.json(), safe=safe), key=key)


def done(
    world: World, who: str, path: str, body: dict[str, Any], *, people: tuple[str, ...], key: str
) -> Stored:
    """Ordered by the first, approved by the others, and brought to its end."""
    maker, *others = people
    answer = ordered(world, who, path, body, maker=maker, key=key)
    assert answer.status_code == 201, answer.text
    command = answer.json()["command"]
    for each in others:
        assert approved(world, who, command, by=each).status_code == 201
    return delivered(world, command)


def delivered(world: World, command: str) -> Stored:
    stored = world.firm.office.courier.deliver(CommandId(command))
    world.firm.office.read()
    return stored


def stored_of(world: World, command: str) -> Stored:
    office = world.firm.office
    with office.house.database.read() as connection:
        return Commands(connection, office.deployment.chain_id).get(CommandId(command))
