"""The first events after a start: none is lost while Slack does not say whose the bot's token is."""

import pytest
from booking_mails import booking_mail


@pytest.mark.parametrize("kind", ["ratelimited", "500", "timeout_before"])
def test_the_first_click_after_a_start_counts_although_slack_does_not_say_who_we_are(
    world, booking_id, kind
):
    """Unlike a mail, a click is found by no sweep."""
    world.captain.forwards(booking_mail(booking_id))
    card = world.card(booking_id)
    world.bot.stop()
    world.slack.fail_next("auth.test", kind)
    world.bot.start()
    world.bot.wait_ready(60)
    click = world.captain.clicks(card, "approve")
    if click.errors:  # which Slack shows, so that a person clicks again
        click = world.captain.clicks(card, "approve")
    assert click.errors == ()
    world.said(card, "is set up")


def test_slack_is_asked_once_who_we_are(world, booking_id):
    world.bot.stop()
    before = len(world.slack.calls("auth.test"))
    world.bot.start()
    world.bot.wait_ready(60)
    sent = world.captain.forwards(booking_mail(booking_id))
    world.captain.redelivers(sent, times=5)
    world.captain.opens_home()
    world.card(booking_id)
    assert len(world.slack.calls("auth.test")) == before + 1
    assert not [line for line in world.bot.logs() if "unused" in str(line.get("event"))]
