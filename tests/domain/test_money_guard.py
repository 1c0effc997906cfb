"""The guard finds the charter's amounts in every spelling, and nothing else."""

import base64
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.boat import Boat
from bot.domain.charter import Charter
from bot.domain.errors import MoneyLeak
from bot.domain.money import Costs, OwnerSums, amounts, assert_no_money
from bot.domain.money_search import holds_amount

COSTS = Costs(crew_cost=Decimal(250), captain_fee=Decimal(150), port_fee_percent=Decimal(18))
SHOWN = Decimal("840.75"), Decimal("1234.56")


def charter(payout: str | None) -> Charter:
    start = datetime(2026, 5, 30, 17, tzinfo=UTC)
    return Charter(
        booking_id="xhqgmdh",
        marketplace="boatsetter",
        boat=Boat(name="JADA", time_zone="America/Los_Angeles", capacity=6),
        starts_at=start,
        ends_at=start + timedelta(hours=3),
        passengers=4,
        payout=Decimal(payout) if payout else None,
        currency="USD",
    )


@pytest.mark.parametrize(
    "spelling",
    [
        "840.75", "840,75", "84075", "1,234.56", "1.234,56", "1 234,56", "1'234.56", "123456",
        "$840", "$ 841", "US$840.75", "840 dollars", "USD 841", "840.75each", "[10,840.75]",
        "eight hundred forty", "Eight hundred and forty-one dollars", "twelve hundred thirty-five", "twelve hundred thirty-four", "%24840", "840%2E75", "840&#46;75",
        "8&#52;0&period;75", "840\u200b.7\u00ad5", "840\u00a0.\u00a075", "8 4 0 . 7 5", "8\n40.75",
        "\uff18\uff14\uff10.75", "\u0668\u0664\u0660\u066b\u0667\u0665", "840<b>.75</b>",
        "840<!-- x -->.75", '{"payout": 840}', '{"owner_payout_cents":84075}', "\\u003840.75",
        "payout of 840", "ends 840.75.", "840.75,", "840.7500",
    ],
)  # fmt: skip
def test_an_amount_is_found_however_it_is_written(spelling: str) -> None:
    assert holds_amount(f"Slip 12: {spelling} ", SHOWN)


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("glued", ["", "k", "ky", "key"])
def test_an_amount_in_base64_is_found_at_every_alignment(before: str, glued: str) -> None:
    encoded = base64.b64encode(f"{before} pays 840.75 on Friday".encode()).decode()
    assert holds_amount(f"{glued}{encoded}", SHOWN)
    assert holds_amount(quote(base64.urlsafe_b64encode(b"Fee: $840").decode()), SHOWN)


@pytest.mark.parametrize(
    "innocent",
    [
        "from 8:40 to 10:00", "2026-05-30T08:40:75", "840 guests", "pier 840", "840 yards",
        "+1 619 840 7500", "619.840.75.12", "San Diego, CA 84075", "CA+84075-1234", "840px",
        "ab84075cd", "1840.75", "840.751", "18407", "840.74", "eight forty", "forty guests",
        "total 840 guests", "due 8 May", "paid 12 May",
    ],
)  # fmt: skip
def test_an_innocent_number_is_let_through(innocent: str) -> None:
    assert not holds_amount(innocent, SHOWN)


@pytest.mark.parametrize(
    ("amount", "innocent", "leak"),
    [
        ("20.00", "20 guests in 2000, at 20:00", "$20"),
        ("100.00", "100 photos, one hundred yards", "pays 100"),
        ("20.26", "Sat 30 May 2026", "20.26"),
        ("5.25", "margin: 5.25rem, version 5.25", "$5.25"),
        ("10.30", "10:30, or 10.30 am; July 10, 30 people", "10.30 due"),
        ("30.05", "30.05.2026", "30,05"),
    ],
)
def test_a_small_amount_needs_its_cents_or_a_word_of_money(
    amount: str, innocent: str, leak: str
) -> None:
    assert not holds_amount(innocent, [Decimal(amount)])
    assert holds_amount(leak, [Decimal(amount)])


payouts = st.decimals(min_value=10, max_value=Decimal("99999.99"), places=2)
spellings = st.sampled_from(
    ["{a}", "{a:,}", "${a}", "{a} USD", "payout={a}", "{a}\n", "<td>{a}</td>", '{{"n": {a}}}']
)
encodings = st.sampled_from(
    [
        lambda text: text,
        quote,
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: "".join(f"&#{ord(character)};" for character in text),
        "\u200b".join,
    ]
)
texts = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Nd", "Nl", "No", "Cs"]))


@settings(max_examples=60, deadline=None)
@given(payouts, spellings, encodings, st.text("abc XYZ\n,;", max_size=20))
def test_any_amount_is_found_in_any_encoding(amount, spelling, encode, around) -> None:
    assert holds_amount(f"{around} {encode(spelling.format(a=amount))} {around}", [amount])


@settings(max_examples=60, deadline=None)
@given(
    payouts,
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)),  # noqa: DTZ001
    st.integers(1, 99),
    st.integers(1000, 9999),
)
def test_a_plain_charter_never_looks_like_money(amount, when, guests, number) -> None:
    said = (
        f"JADA {when:%a %d %b %Y}, {when:%H:%M} to {when + timedelta(hours=3):%I:%M %p}, "
        f"{guests} guests, booking xhqgmdh, {when.isoformat()}, +1 619 555 {number}, "
        f"619-555-{number}, {sha256(str(number).encode()).hexdigest()}, year {when.year}"
    )
    assert not holds_amount(said, [amount])


@settings(max_examples=60, deadline=None)
@given(texts)
def test_a_text_without_a_digit_holds_no_digits_of_money(text) -> None:
    assert not holds_amount(text, [Decimal("840.75")])


def test_the_sums_that_follow_from_a_payout_are_guarded_too() -> None:
    sums = OwnerSums.of(Decimal("840.75"), COSTS)
    assert (sums.port_fee, sums.net) == (Decimal("151.34"), Decimal("289.41"))
    for sum_ in ("840.75", "250.00", "150.00", "151.34", "289.41"):
        with pytest.raises(MoneyLeak):
            assert_no_money("crew event", {"notes": f"about {sum_}"}, charter("840.75"), COSTS)


def test_a_leak_is_told_without_the_amount() -> None:
    with pytest.raises(MoneyLeak) as leak:
        assert_no_money("guest page", b"<p>840.75</p>", charter("840.75"), COSTS)
    assert "guest page" in leak.value.what
    assert "84" not in leak.value.what + leak.value.hint


def test_a_charter_without_a_payout_still_guards_the_costs() -> None:
    assert amounts(charter(None), COSTS) == (Decimal("250.00"), Decimal("150.00"))
    assert amounts(charter("840.75")) == (Decimal("840.75"),)
    assert_no_money("mail", "840.75", charter(None))


def test_a_loss_is_a_negative_net_and_is_guarded_without_its_sign() -> None:
    assert OwnerSums.of(Decimal(100), COSTS).net == Decimal("-318.00")
    assert Decimal("318.00") in amounts(charter("100"), COSTS)
