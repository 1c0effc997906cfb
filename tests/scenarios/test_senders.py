"""Who wrote the mail: what the card says of an original that is dropped into the channel."""

from signing import INSTANT, Signer

SIGNER = Signer()


def original(booking_id: str, day: str = "May 30, 2026") -> bytes:
    text = INSTANT.replace(b"xhqgmdh", booking_id.encode())
    return text.replace(b"May 30, 2026", day.encode())


def test_an_original_that_its_marketplace_signed_is_verified_on_the_card(world, booking_id):
    world.sandbox.publish(SIGNER.key_name, SIGNER.record)
    world.captain.uploads("original.eml", SIGNER.signed(original(booking_id, "Mar 3, 2034")))
    card = world.card(booking_id)
    assert "Sender verified: signed by mail.boatsetter.com." in card.plain


def test_an_original_that_was_changed_is_said_loudly_and_can_still_be_approved(world, booking_id):
    world.sandbox.publish(SIGNER.key_name, SIGNER.record)
    signed = SIGNER.signed(original(booking_id, "Mar 4, 2034"))
    world.captain.uploads("original.eml", signed.replace(b"$840.75", b"$640.75"))
    card = world.card(booking_id)
    said = "Signature failed: the mail was changed after it was signed, or is forged."
    assert card.plain.count(said) == 2  # as a warning, and where the mail is linked
    assert "[Approve]" in card.plain


def test_a_key_that_nobody_publishes_leaves_the_sender_open(world, booking_id):
    unknown = Signer(selector="unknown")
    world.captain.uploads("original.eml", unknown.signed(original(booking_id, "Mar 5, 2034")))
    card = world.card(booking_id)
    assert "Sender not verified: the key to its signature is not published" in card.plain
