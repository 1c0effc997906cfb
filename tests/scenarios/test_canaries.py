"""Nothing that must not be seen is in anything that the bot writes, whatever happens to it."""

import json

import boto3
from booking_mails import booking_mail
from scenario_world import World

PAYOUT, RENTER, CONTACT = "7391.58", "Zerubabella", "zerubabella.canary@example.org"
SPELLINGS = ("7391.58", "7,391.58", "739158", "7391,58", "7.391,58")


def test_no_secret_contact_or_amount_is_in_any_output(world: World, booking_id: str) -> None:
    mail = booking_mail(booking_id, payout=PAYOUT).decode()
    renter = next(line for line in mail.splitlines() if line.startswith("Renter: "))
    told = f"Renter: {RENTER}\n\nEmail: {CONTACT}"
    world.captain.forwards(mail.replace(renter, told).encode())
    card = world.card(booking_id)
    assert PAYOUT.replace("7", "7,", 1) in card.plain or PAYOUT in card.plain
    world.captain.clicks(card, "edit")
    assert CONTACT in json.dumps(world.captain.modal("Edit").raw)
    world.captain.closes()
    # Refusals, rotations and failures say most.
    world.sandbox.faults.add("crew_service", "401", operation="create_event", times=2)
    world.sandbox.faults.add("calendar", "500", operation="find_entry")
    world.sandbox.faults.add("ses", "403", operation="SendEmail")
    world.captain.clicks(card, "approve")
    closing = world.closing(card)
    world.sandbox.faults.clear()
    world.sandbox.rotate_service_key()
    world.captain.clicks(closing, "retry")
    world.said(card, "is set up")
    [event] = world.sandbox.crew_events(booking_id)
    notes = json.dumps({"payout": PAYOUT, "mail": CONTACT})
    world.sandbox.write_event_by_hand(event["event_id"], notes=notes)
    for command in ("scrub", "resend", "invalidate", "status"):
        world.captain.types(f"/charter {command} {booking_id}")
    world.captain.types("/charter doctor", timeout=40)
    written = world.bot.output()
    assert booking_id in written  # it does speak of this charter
    leaked = [name for name, value in _secrets(world).items() if value in written]
    assert leaked == []
    assert [word for word in (CONTACT, RENTER, *SPELLINGS) if word in written] == []
    assert "Traceback" not in written


def _secrets(world: World) -> dict[str, str]:
    """Every secret that the bot is given or can fetch, by where it is."""
    env = world.sandbox.env
    found = {name: env[name] for name in env if "TOKEN" in name or "SECRET" in name}
    client = boto3.client(
        "secretsmanager",
        endpoint_url=env["AWS_ENDPOINT_URL"],
        region_name=env["AWS_DEFAULT_REGION"],
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
    )
    for name in ("charter/jada", "charter/scc"):
        secret = json.loads(client.get_secret_value(SecretId=name)["SecretString"])
        found |= {f"{name}#{key}": value for key, value in secret.items()}
    client.close()
    assert len(found) >= 5
    return found
