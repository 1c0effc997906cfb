"""Whether the marketplace wrote a mail, as its signature and the published keys tell."""

import base64
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hostile import oddly_signed
from signing import BODY, COVERED, INSTANT, Signer

from bot.domain.booking import Kind
from bot.domain.sender import Proof
from bot.mail.read_apart import judged_reading, read_mail
from bot.mail.signature import Original, judged, key_names
from bot.mail.unreadable import Unreadable

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DOMAINS = ("boatsetter.com",)
LF = INSTANT
CRLF = LF.replace(b"\n", b"\r\n")
LONG = LF + b"word " * 1_900 + b"\n"
QP = LF.replace(b"8bit", b"quoted-printable").replace(b"Zo\xc3\xab", b"Zo=C3=AB")
LONG_HEAD = CRLF.replace(b"2026,\r\n\tat ten", b"2026 " + b"Wednesday, " * 9 + b"at ten")
WHOLE = {
    "a long header": LONG_HEAD,
    "CRLF": CRLF,
    "LF": LF,
    "long lines": LONG,
    "quoted-printable": QP,
}
CANONICAL = {"relaxed": (b"relaxed", b"relaxed"), "simple": (b"simple", b"simple")}


def proof(raw: bytes, *signers: Signer, keys=None, at=NOW):
    known = {each.key_name: (each.record,) for each in signers} if keys is None else keys
    return judged(Original(raw, DOMAINS), known, at)


def attached(raw: bytes) -> bytes:
    """As Gmail forwards it: as it came, between boundaries."""
    return (
        b"From: captain@example.com\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="=-b"\r\n\r\n'
        b"--=-b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n"
        b'--=-b\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename="x.eml"'
        b"\r\n\r\n" + raw + b"\r\n--=-b--\r\n"
    )


def as_a_file(raw: bytes) -> bytes:
    """As Outlook forwards it: a file, in base64."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["Subject"] = "captain@example.com", "Fwd"
    mail.set_content("See the file.")
    mail.add_attachment(raw, maintype="application", subtype="octet-stream", filename="x.eml")
    return mail.as_bytes()


# A mail that holds


@pytest.mark.parametrize("canonical", CANONICAL.values(), ids=CANONICAL)
@pytest.mark.parametrize("raw", WHOLE.values(), ids=WHOLE)
def test_a_signed_mail_is_verified_as_it_came(raw, canonical):
    signer = Signer(canonical=canonical)
    told = proof(signer.signed(raw), signer)
    assert (told.proof, told.why) == (Proof.VERIFIED, "signed by mail.boatsetter.com")


@pytest.mark.parametrize(
    "wrapped", [attached, as_a_file, lambda raw: raw], ids=["message", "file", "direct"]
)
@pytest.mark.parametrize("canonical", CANONICAL.values(), ids=CANONICAL)
@pytest.mark.parametrize("raw", WHOLE.values(), ids=WHOLE)
def test_the_mail_that_was_read_is_the_one_that_is_verified(raw, canonical, wrapped, boats):
    signer = Signer(canonical=canonical)
    signed = signer.signed(raw)
    read = read_mail(wrapped(signed), "x.eml", boats, NOW)
    assert read.original.raw == signed
    assert read.key_names == ("s1._domainkey.mail.boatsetter.com",)
    reading = judged_reading(read.reading, read.original, {signer.key_name: (signer.record,)}, NOW)
    assert (reading.kind, reading.booking.booking_id) == (Kind.NEW, "xhqgmdh")
    assert reading.sender.proof is Proof.VERIFIED


def test_the_library_would_have_written_the_attached_mail_anew():
    """Why its bytes are kept: the same mail, parsed and written, holds no more."""
    signer = Signer(canonical=CANONICAL["simple"])
    written = message_from_bytes(
        attached(signer.signed(LONG_HEAD)), policy=policy.SMTP
    ).get_payload(1)
    again = written.get_payload(0).as_bytes(policy=policy.SMTP)
    assert proof(again, signer).proof is not Proof.VERIFIED


def test_one_good_signature_among_others_is_enough():
    """A mail service signs beside its customer, and a key of another kind beside the usual one."""
    other = Signer(domain="amazonses.com")
    lost = Signer(selector="old", key="other")
    good = Signer()
    raw = other.signed(lost.signed(good.signed(LF)))
    assert (
        proof(raw, keys={good.key_name: (good.record,), lost.key_name: ()}).proof is Proof.VERIFIED
    )


def test_the_domain_above_may_sign_for_the_one_below_and_letters_have_no_case():
    raw = LF.replace(b"@mail.boatsetter.com", b"@Mail.BoatSetter.com")
    signer = Signer(domain="boatsetter.com")
    assert proof(signer.signed(raw), signer).why == "signed by boatsetter.com"


# A mail that contradicts its signature

TAMPERED = {
    "body": (b"$840.75", b"$940.75"),
    "a line more": (b"Passengers\n4", b"Passengers\n4\nCaptain\nBareboat"),
    "subject": (b"Subject: You have a new", b"Subject: You have an old"),
    "sender": (b"boatsetter@mail", b"booking@mail"),
    "encoding": (b"charset=utf-8", b"charset=latin-1"),
}


@pytest.mark.parametrize(("old", "new"), TAMPERED.values(), ids=TAMPERED)
def test_a_changed_mail_has_failed(old, new):
    signer = Signer()
    raw = signer.signed(LF)
    assert old in raw
    told = proof(raw.replace(old, new), signer)
    assert told.proof is Proof.FAILED
    assert told.why == "the mail was changed after it was signed, or is forged"


@pytest.mark.parametrize("more", [b"From: Evil <x@mail.boatsetter.com>\n", b"Subject: Another\n"])
def test_two_senders_or_subjects_have_failed(more):
    signer = Signer()
    assert proof(more + signer.signed(LF), signer).proof is Proof.FAILED


SIGNATURE = Signer().signed(LF).removesuffix(LF)
DOUBTFUL = {
    "no subject": re.sub(rb"Subject:.*?\n(?=\S)", b"", LF, flags=re.DOTALL),
    "no sender": re.sub(rb"From:.*?\n", b"", LF, count=1),
    "two subjects": b"Subject: Another\n" + LF,
    "two senders": b"From: x@mail.boatsetter.com\n" + LF,
}


@pytest.mark.parametrize("raw", DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_mail_that_nobody_signed_has_not_failed(raw):
    told = proof(raw, keys={})
    assert (told.proof, told.why) == (Proof.UNTOLD, "the mail is not signed")


@pytest.mark.parametrize("what", ["no subject", "no sender"])
def test_a_signed_mail_without_a_subject_or_a_sender_cannot_be_told(what):
    told = proof(SIGNATURE + DOUBTFUL[what], Signer())
    assert (told.proof, told.why) == (Proof.UNTOLD, "the mail has no From or no Subject")


CALENDAR = """\
BEGIN:VCALENDAR
METHOD:PUBLISH
BEGIN:VEVENT
UID:1
STATUS:CONFIRMED
SUMMARY:Booking ID: xhqgmdd
DTSTART:20260530T170000Z
DTEND:20260530T200000Z
DESCRIPTION:Booking ID: xhqgmdd\\nListing: Sail San Diego Bay aboard JADA\\nGuests: 4
END:VEVENT
END:VCALENDAR
"""
CHAT = LF.partition(b"\n\n")[0].replace(b"You have a new Instant", b"Raquel wrote of an")
CHAT += b"\n\n" + CALENDAR.encode()
UNSIGNED = [
    b"Content-Disposition: inline; filename=a.ics",
    b"Content-Disposition: attachment; filename=a.eml",
    b"Content-Disposition: attachment",
    b"content-disposition: attachment;\n\tfilename*=utf-8''a.ics",
    b"Content-Type: text/calendar",
    b"content-type: text/plain; name=a.ics",
    b"Content-Type : text/calendar",
    b"Content-Transfer-Encoding: base64",
    b"CONTENT-TRANSFER-ENCODING: quoted-printable",
    b"MIME-Version: 1.0",
    b"MIME-Version: 9",
    b"Content-ID: <a.ics>",
    b"Content-Description: a.ics",
    b"Content-Location: a.ics",
    b"Content-Base: a.ics",
    b"Subject : You have a new Instant Booking",
    b"Subject\t: You have a new Instant Booking",
    b"Subject: You have a new Instant Booking",
    b"SUBJECT: You have a new Instant Booking",
    b"From: Viator <booking@t1.viator.com>",
    b"from : Viator <booking@t1.viator.com>",
    b"Sender: booking@t1.viator.com",
    b"Reply-To: booking@t1.viator.com",
    b"Resent-Subject: You have a new Instant Booking",
    b"X-A: b\n Subject: You have a new Instant Booking",
    b"X-A: b\rSubject: You have a new Instant Booking",
    b"X-A: b\x0bSubject: You have a new Instant Booking",
    b"X-A: b\xc2\x85Subject: You have a new Instant Booking",
    b": x",
    b"From x@example.com Sat May 30 10:00:00 2026",
]


@pytest.mark.parametrize("more", UNSIGNED, ids=repr)
@pytest.mark.parametrize("raw", [LF, CHAT], ids=["booking", "chat"])
@pytest.mark.parametrize("below", [False, True], ids=["on top", "below"])
def test_a_header_that_was_not_signed_changes_nothing_that_is_vouched_for(more, raw, below, boats):
    signer = Signer()
    signed = signer.signed(raw)
    before = verified(signed, signer, boats)
    assert before.sender.proof is Proof.VERIFIED
    changed = signed.replace(b"\n\n", b"\n" + more + b"\n\n", 1) if below else more + b"\n" + signed
    try:
        after = verified(changed, signer, boats)
    except Unreadable:
        return
    assert after.sender.proof is not Proof.VERIFIED or after == before


@pytest.mark.parametrize("more", UNSIGNED[:4], ids=repr)
@pytest.mark.parametrize("raw", [LF, CHAT], ids=["booking", "chat"])
def test_how_a_mail_itself_is_disposed_of_never_changes_what_is_read(more, raw, boats):
    plain, disposed = (verified(each, Signer(), boats) for each in (raw, more + b"\n" + raw))
    assert plain == disposed


def test_a_line_within_a_folded_subject_does_not_cut_what_was_signed():
    """The library that checks passes it over, the one that reads ends the subject there."""
    signer = Signer()
    signed = signer.signed(LF)
    cut = signed.replace(b"2026,\n\tat ten", b"2026,\nFrom x\n\tat ten")
    assert cut != signed
    assert proof(cut, signer).proof is Proof.UNTOLD


def verified(raw: bytes, signer: Signer, boats):
    """The reading, with its sender judged."""
    read = read_mail(raw, "x.eml", boats, NOW)
    if read.original is None:
        return read.reading
    keys = {signer.key_name: (signer.record,)}
    return judged_reading(read.reading, read.original, keys, NOW)


SENDERS = {
    "its own marketplace": ("boatsetter@mail.boatsetter.com", "mail.boatsetter.com", True),
    "another of ours": ("x@mail.boatsetter.com", "t1.viator.com", False),
    "nobody of ours": ("x@boats.example", "mail.boatsetter.com", False),
    "nobody of ours, himself": ("x@boats.example", "boats.example", False),
}


@pytest.mark.parametrize(("address", "domain", "is_proved"), SENDERS.values(), ids=SENDERS)
def test_data_for_machines_is_vouched_for_by_the_marketplace_it_is_from(
    address, domain, is_proved, boats
):
    raw = CHAT.replace(b"text/plain", b"text/calendar").replace(
        b"Boatsetter <boatsetter@mail.boatsetter.com>", f"Somebody <{address}>".encode()
    )
    signer = Signer(domain=domain)
    reading = verified(signer.signed(raw), signer, boats)
    assert (reading.sender.proof is Proof.VERIFIED) is is_proved
    assert reading.sender.proof is not Proof.FAILED


def test_weak_ways_of_signing_prove_nothing_and_are_said_loudly():
    signer = Signer(algorithm=b"rsa-sha1")
    assert "SHA-1" in proof(signer.signed(LF), signer).why
    assert proof(signer.signed(LF), signer).proof is Proof.FAILED
    modulus = ((1 << 511) | 1).to_bytes(65, "big")
    weak = b"\x30\x48\x02\x41" + modulus + b"\x02\x03\x01\x00\x01"
    strong = Signer()
    told = proof(strong.signed(LF), keys={strong.key_name: (b"p=" + base64.b64encode(weak),)})
    assert (told.proof, "512 bits" in told.why) == (Proof.FAILED, True)


def test_a_key_of_1024_bits_is_still_good():
    signer = Signer(key="short")
    assert proof(signer.signed(LF), signer).proof is Proof.VERIFIED


# A mail of which nothing can be told

GAPS = {
    "a length": (Signer(length=True), LF, "covers a part of the mail only"),
    "the subject": (Signer(covered=(b"from", b"content-type")), LF, "From and the Subject"),
    "the content type": (Signer(covered=(b"from", b"subject")), LF, "how the mail is to be read"),
    "a stranger's": (Signer(domain="evil.example"), LF, "not by boatsetter.com"),
    "a name that ends alike": (Signer(domain="notboatsetter.com"), LF, "not by boatsetter.com"),
    "another sender": (
        Signer(domain="evil.example"),
        LF.replace(b"mail.boatsetter.com", b"evil.example"),
        "no address of the marketplace",
    ),
    "a name for an address": (
        Signer(),
        LF.replace(b"Boatsetter <", b'"x@boatsetter.com" <').replace(b"@mail.boat", b"@evilboat"),
        "no address of the marketplace",
    ),
}


@pytest.mark.parametrize(("signer", "raw", "why"), GAPS.values(), ids=GAPS)
def test_a_signature_that_leaves_something_open_proves_nothing(signer, raw, why):
    told = proof(signer.signed(raw), signer)
    assert (told.proof, why in told.why) == (Proof.UNTOLD, True), told.why


def test_what_was_appended_beyond_a_length_is_not_vouched_for():
    signer = Signer(length=True)
    assert proof(signer.signed(LF) + b"Passengers\n9\n", signer).proof is Proof.UNTOLD


def test_an_expiry_counts_against_the_moment_that_the_mail_arrived():
    signer = Signer(tags={b"x": str(int(NOW.timestamp())).encode()})
    raw = signer.signed(LF)
    assert proof(raw, signer, at=NOW - timedelta(hours=1)).proof is Proof.VERIFIED
    late = proof(raw, signer, at=NOW + timedelta(seconds=1))
    assert (late.proof, "expired" in late.why) == (Proof.UNTOLD, True)


KEYS = {
    "withdrawn": ((b"v=DKIM1; k=rsa; p=",), "withdrawn"),
    "gone": ((), "not published"),
    "not known": (None, "could not be looked up"),
    "garbage": ((b"hello",), "damaged"),
    "cut": ((b"v=DKIM1; p=AAAA",), "damaged, or of a kind"),
    "no base64": ((b"v=DKIM1; p=A",), "damaged, or of a kind"),
    "another version": ((b"v=DKIM9; p=AAAA",), "damaged, or of a kind"),
    "two": ((b"v=DKIM1; p=AAAA", b"v=DKIM1; p=BBBB"), "damaged"),
    "Ed25519": ((b"v=DKIM1; k=ed25519; p=" + base64.b64encode(bytes(32)),), "of a kind"),
}


@pytest.mark.parametrize(("records", "why"), KEYS.values(), ids=KEYS)
def test_without_its_key_nothing_can_be_told(records, why):
    signer = Signer()
    keys = {} if records is None else {signer.key_name: records}
    told = proof(signer.signed(LF), keys=keys)
    assert (told.proof, why in told.why) == (Proof.UNTOLD, True), told.why


def test_a_key_may_stand_beside_other_records():
    signer = Signer()
    keys = {signer.key_name: (b"v=spf1 -all", signer.record)}
    assert proof(signer.signed(LF), keys=keys).proof is Proof.VERIFIED


def test_a_domain_that_only_tries_signing_out_raises_no_alarm():
    signer = Signer()
    keys = {signer.key_name: (signer.record + b"; t=y",)}
    assert proof(signer.signed(LF).replace(b"$840", b"$940"), keys=keys).proof is Proof.UNTOLD


def test_an_unsigned_mail_is_said_to_be_unsigned(boats):
    read = read_mail(LF, "x.eml", boats, NOW)
    assert (read.original, read.key_names) == (None, ())
    assert read.reading.sender.why == "the mail is not signed"


def test_a_quoted_mail_is_not_vouched_for_by_the_mail_around_it(boats):
    """A stranger who gets the marketplace to quote him sells nothing under its signature."""
    signer = Signer()
    quoted = LF.replace(
        b"\n\nYou",
        b"\n\nSomebody wrote:\n\n---------- Forwarded message ---------\n"
        b"From: Boatsetter <boatsetter@mail.boatsetter.com>\nSubject: New\n\nYou",
        1,
    )
    read = read_mail(signer.signed(quoted), "x.eml", boats, NOW)
    assert (read.reading.kind, read.reading.fields) == (Kind.UNRECOGNISED, {})


def test_a_signed_mail_beside_the_one_that_was_read_proves_nothing(boats):
    signer = Signer(domain="news.example")
    news = b"From: a@news.example\nSubject: News\nMIME-Version: 1.0\n\nSun and wind.\n"
    forged = attached(signer.signed(news).replace(b"\n", b"\r\n"))
    forged = forged.replace(b"captain@example.com", b"Boatsetter <x@mail.boatsetter.com>", 1)
    forged = forged.replace(b"Subject: Fwd", b"Subject: You have a new booking", 1)
    forged = forged.replace(b"See below.", BODY.encode(), 1).replace(
        b"plain", b"plain; charset=utf-8"
    )
    read = read_mail(forged, "x.eml", boats, NOW)
    assert read.reading.booking.booking_id == "xhqgmdh"
    assert (read.original, read.reading.sender.why) == (None, "the mail is not signed")


def test_only_the_marketplaces_own_names_are_ever_looked_up():
    raws = [
        Signer(domain="evil.example").signed(LF),
        Signer().signed(LF).replace(b"s=s1", b"s=../x"),
        Signer().signed(LF).replace(b"d=mail.boatsetter.com", b"d=boatsetter.com.evil.example"),
    ]
    assert [key_names(Original(raw, DOMAINS)) for raw in raws] == [(), (), ()]
    many = LF
    for number in range(20):
        many = Signer(selector=f"s{number}").signed(many)
    assert len(key_names(Original(many, DOMAINS))) == 5


# Hostile mail: the library raises outside its contract

SIGNED = Signer().signed(LF)
HOSTILE = {
    "empty": b"",
    "a blank first": b" x\n" + SIGNED,
    "no colon": b"hello\n" + SIGNED,
    "headers by carriage return": b"X: a\rFrom: evil@mail.boatsetter.com\n" + SIGNED,
    "no tags": re.sub(
        rb"DKIM-Signature:.*?\n(?=\S)", b"DKIM-Signature: x\n", SIGNED, flags=re.DOTALL
    ),
    "an identity that is the domain": SIGNED.replace(b"i=@mail", b"i=mail"),
    "no algorithm": SIGNED.replace(b"a=rsa-sha256; ", b""),
    "another algorithm": SIGNED.replace(b"a=rsa-sha256; ", b"a=rot13; "),
    "another canon": SIGNED.replace(b"c=relaxed/relaxed", b"c=baroque/relaxed"),
    "a body hash of nothing": re.sub(rb"bh=[^;]*", b"bh=!", SIGNED),
    "a signature of nothing": re.sub(rb" b=[^:]*?\n(?=From)", b" b=\n", SIGNED, flags=re.DOTALL),
    "a far future": SIGNED.replace(b"t=", b"t=9999999999999999999"),
    "no number": SIGNED.replace(b"; s=", b"; x=soon; s="),
    "a bogus from": SIGNED.replace(b"Boatsetter <", b"(" * 900 + b"<"),
    "too many folds": b"A: b\n" + b" \n" * 200_000 + SIGNED,
    "a long blank": SIGNED + b" " * 900_000,
    "too large": SIGNED + b"x\n" * 600_000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_mail_is_never_verified_and_never_breaks_anything(raw):
    signer = Signer()
    assert proof(raw, signer).proof is not Proof.VERIFIED
    assert len(key_names(Original(raw, DOMAINS))) <= 1


ODD = oddly_signed(SIGNED)


@pytest.mark.parametrize("name", ODD)
def test_a_signed_mail_that_is_made_to_be_slow_is_judged_like_any(name):
    changed = name == "blanks"  # the others are what canonicalising takes away
    expected = Proof.FAILED if changed else Proof.VERIFIED
    assert proof(ODD[name], Signer()).proof is expected


def test_no_byte_is_changed_without_being_noticed():
    """Each byte of what is covered, changed by itself, costs the proof or changes nothing read."""
    signer = Signer(covered=COVERED)
    raw = signer.signed(LF)
    head = raw.index(b"From: Boatsetter")
    for at in range(head, len(raw) - 1, 7):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        assert proof(changed, signer).proof is not Proof.VERIFIED, raw[at - 10 : at + 10]
