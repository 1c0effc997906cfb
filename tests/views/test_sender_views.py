"""What the card says of who wrote the mail."""

import json
from datetime import timedelta

import pytest
from as_seen import seen
from slack_limits import check_message
from view_samples import NOW, PROPOSAL, overview

from bot.domain.charter import Proposal
from bot.domain.sender import Proof, Sender
from bot.views.card import card
from bot.views.press import APPROVE

VERIFIED = Sender(proof=Proof.VERIFIED, why="signed by mail.boatsetter.com")
FAILED = Sender(proof=Proof.FAILED, why="the mail was changed after it was signed, or is forged")
UNSIGNED = Sender(why="the mail is not signed")
ALARM = "Signature failed: the mail was changed after it was signed, or is forged."


def shown(sender: Sender):
    sold = PROPOSAL.model_copy(update={"sender": sender})
    return card(overview(proposal=sold), now=NOW, show_payout=True)


def asked_before_approval(message) -> str:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    (approve,) = [each for row in rows for each in row if each["action_id"] == APPROVE]
    return approve["confirm"]["text"]["text"]


@pytest.mark.parametrize(
    ("sender", "line"),
    [
        (VERIFIED, "*Sender verified*: signed by mail.boatsetter.com. [Read the mail]"),
        (FAILED, "*Signature failed*: the mail was changed after it was signed, or is forged."),
        (UNSIGNED, "*Sender not verified*: the mail is not signed."),
        (Sender(), "*Sender not verified*: a forwarded mail does not prove who wrote it."),
    ],
    ids=["verified", "failed", "unsigned", "forwarded"],
)
def test_the_card_says_what_is_known_of_the_sender(sender, line):
    message = shown(sender)
    check_message(message)
    assert line in seen(message)


def test_a_signature_that_failed_is_a_loud_warning_and_stands_in_the_confirm_too():
    message = shown(FAILED)
    assert ALARM in seen(message)
    assert ALARM in asked_before_approval(message)


@pytest.mark.parametrize("sender", [VERIFIED, UNSIGNED])
def test_what_is_proved_or_unknown_is_no_warning(sender):
    assert "ignature" not in asked_before_approval(shown(sender))
    assert PROPOSAL.model_copy(update={"sender": sender}).warnings(NOW - timedelta(days=1)) == ()


def test_a_proposal_of_before_senders_were_told_is_one_of_a_forward():
    kept = json.loads(PROPOSAL.model_dump_json())
    del kept["sender"]
    assert Proposal.model_validate(kept).sender == Sender()
    assert Sender().proof is Proof.UNTOLD


def test_the_proofs_are_persisted_under_these_names():
    assert [proof.value for proof in Proof] == ["verified", "failed", "untold"]
