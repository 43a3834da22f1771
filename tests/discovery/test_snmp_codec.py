"""Our reading of variable bindings agrees with pysnmp's, octet by octet, and survives anything."""

import random

import pytest
from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto import rfc1902
from pysnmp.proto.api import v2c

from discovery.collectors.snmp import messages, varbinds
from discovery.collectors.snmp.credentials import (
    Auth,
    Community,
    CredentialError,
    Privacy,
    User,
    Version,
)
from discovery.collectors.snmp.messages import Kind, NonsenseError, Query, Status
from discovery.collectors.snmp.varbinds import MalformedError, Missing

PUBLIC = Community("public")
EXTREMES = [
    (rfc1902.Integer32(-(2**31)), -(2**31)),
    (rfc1902.Integer32(2**31 - 1), 2**31 - 1),
    (rfc1902.Counter32(2**32 - 1), 2**32 - 1),
    (rfc1902.Gauge32(2**31), 2**31),
    (rfc1902.TimeTicks(0), 0),
    (rfc1902.Counter64(2**64 - 1), 2**64 - 1),
    (rfc1902.IpAddress("10.20.4.11"), bytes((10, 20, 4, 11))),
    (rfc1902.OctetString(b""), b""),
    (rfc1902.OctetString(bytes(range(256)) * 3), bytes(range(256)) * 3),
    (rfc1902.Opaque(b"\x9f\x78\x04\x41\xb8\x00\x00"), b"\x9f\x78\x04\x41\xb8\x00\x00"),
    (rfc1902.ObjectIdentifier((2, 999, 2**32 - 1, 0)), (2, 999, 2**32 - 1, 0)),
    (rfc1902.ObjectIdentifier((0, 0)), (0, 0)),
    (rfc1902.Null(""), b""),
    (v2c.NoSuchObject(""), Missing.NO_OBJECT),
    (v2c.NoSuchInstance(""), Missing.NO_INSTANCE),
    (v2c.EndOfMibView(""), Missing.END),
]


def response(bindings: list, request_id: int = 77, status: int = 0) -> bytes:
    """Return a response as pysnmp writes it."""
    pdu = v2c.ResponsePDU()
    v2c.apiPDU.set_defaults(pdu)
    v2c.apiPDU.set_request_id(pdu, request_id)
    v2c.apiPDU.set_error_status(pdu, status)
    v2c.apiPDU.set_varbinds(pdu, bindings)
    message = v2c.Message()
    v2c.apiMessage.set_defaults(message)
    v2c.apiMessage.set_community(message, "public")
    v2c.apiMessage.set_pdu(message, pdu)
    return encoder.encode(message)


@pytest.mark.parametrize(("theirs", "ours"), EXTREMES)
def test_each_kind_of_value_is_what_pysnmp_says_it_is(theirs: object, ours: object):
    name = (1, 3, 6, 1, 4, 1, 20408, 127, 128, 2**32 - 1)
    answer = messages.decode(response([(name, theirs)]), PUBLIC)
    assert answer.bindings == [(name, ours)]
    assert (answer.request_id, answer.status) == (77, Status.FINE)


def test_a_thousand_random_names_survive_the_way_there_and_back():
    chance = random.Random(3)
    names = [
        (chance.choice([0, 1, 2]), chance.randrange(40), *(chance.randrange(2 ** chance.randrange(33)) for _ in range(chance.randrange(20))))
        for _ in range(1000)
    ]  # fmt: skip
    answer = messages.decode(response([(name, rfc1902.Integer32(5)) for name in names]), PUBLIC)
    assert [name for name, _value in answer.bindings] == names


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("version", list(Version))
def test_pysnmp_reads_our_requests(kind: Kind, version: Version):
    names = ((1, 3, 6, 1, 2, 1, 1, 1, 0), (2, 999, 3, 2**32 - 1))
    octets = messages.encode(Query(kind, names, 25), Community("public", version), 2**31 - 1)
    message, rest = decoder.decode(octets, asn1Spec=v2c.Message())
    pdu = v2c.apiMessage.get_pdu(message)
    assert rest == b""
    assert int(message[0]) == {Version.V1: 0, Version.V2C: 1}[version]
    assert int(v2c.apiPDU.get_request_id(pdu)) == 2**31 - 1
    assert [tuple(name) for name, _value in v2c.apiPDU.get_varbinds(pdu)] == list(names)
    assert int(pdu[2]) == (25 if kind is Kind.GET_BULK else 0)


def test_another_version_another_community_and_a_request_are_no_answer():
    good = response([((1, 3, 6), rfc1902.Integer32(1))])
    for credentials in (Community("other"), Community("public", Version.V1)):
        with pytest.raises(NonsenseError):
            messages.decode(good, credentials)
    with pytest.raises(NonsenseError):
        messages.decode(messages.encode(Query(Kind.GET, ((1, 3, 6),)), PUBLIC, 5), PUBLIC)
    with pytest.raises(NonsenseError):
        messages.decode(good + b"\0", PUBLIC)


def test_whatever_octets_arrive_the_answer_is_an_answer_or_nonsense():
    chance = random.Random(4)
    good = response(
        [((1, 3, 6, 1, place), value) for place, (value, _) in enumerate(EXTREMES[:-3])]
    )
    nonsense = 0
    for _round in range(3000):
        octets = bytearray(good)
        for _flip in range(chance.randrange(1, 6)):
            octets[chance.randrange(len(octets))] = chance.randrange(256)
        cut = chance.randrange(len(octets)) if chance.random() < 0.3 else len(octets)
        try:
            messages.decode(bytes(octets[:cut]), PUBLIC)
        except NonsenseError:
            nonsense += 1
    assert 1000 < nonsense < 3000


@pytest.mark.parametrize(
    "octets",
    [
        "30",
        "3005",
        "3003020105",
        "300506032b06",
        "30070603ab8b860500",
        "30800000",
        "3085000000000100",
    ],
)
def test_a_list_that_is_none_is_refused_whole(octets: str):
    with pytest.raises(MalformedError):
        varbinds.decode(bytes.fromhex(octets))


def test_a_value_that_is_encoded_wrongly_is_kept_as_octets():
    empty_integer, endless_name = "30070603 2b0601 0200", "30090603 2b0601 0602 ab8b"
    assert varbinds.decode(bytes.fromhex(empty_integer)) == [((1, 3, 6, 1), b"")]
    assert varbinds.decode(bytes.fromhex(endless_name)) == [((1, 3, 6, 1), bytes.fromhex("ab8b"))]


def test_a_counter_sent_with_its_sign_bit_set_is_no_negative_number():
    assert varbinds.decode(bytes.fromhex("300b06032b06014104ffffffff")) == [
        ((1, 3, 6, 1), 2**32 - 1)
    ]


def test_credentials_never_show_a_secret_and_refuse_what_cannot_work():
    user = User("ops", Auth.SHA256, "a long pass phrase", Privacy.AES128, "another pass phrase")
    assert "pass phrase" not in repr(user) + str(user)
    assert "hidden-word" not in repr(Community("hidden-word"))
    with pytest.raises(CredentialError, match="digest"):
        User("ops", None, "", Privacy.AES128, "another pass phrase")
    with pytest.raises(CredentialError, match="fewer than 8") as refused:
        User("ops", Auth.SHA1, "tooshrt")
    assert "tooshrt" not in str(refused.value)
