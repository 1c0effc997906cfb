"""A listing that nobody knows: asked for once, remembered, and then known with its boat's clock."""

from booking_mails import booking_mail
from scenario_world import World

from sandbox.bot_process import BotProcess
from sandbox.driver import start_sandbox


def test_a_remembered_listing_gives_the_next_mail_its_boat_and_that_boats_time_zone(tmp_path):
    boat = {"name": "Kona", "listings": ["Kona at noon"], "time_zone": "Pacific/Honolulu"}
    with (
        start_sandbox(tmp_path, rate_scale=50.0, settings={"boats": boat}) as sandbox,
        BotProcess(sandbox.env, tmp_path) as bot,
    ):
        bot.wait_ready(60)
        world = World(sandbox, bot)
        world.captain.forwards(booking_mail("zkwgpzt", listing="Whales by twilight"))
        asked = world.card("zkwgpzt")
        assert "boat not known" in asked
        assert "Approve" not in asked.buttons

        world.captain.clicks(asked, "edit")
        world.captain.fills({"boat": "Kona", "remember_listing": ["remember_listing"]})
        assert world.captain.submits() is None
        world.slack.wait_until(
            lambda _: "Boat: Kona" in world.card("zkwgpzt").plain, what="card with its boat"
        )

        world.captain.forwards(booking_mail("zdbzmvw", listing="Whales  by TWILIGHT"))
        known = world.card("zdbzmvw")
        assert "Boat: Kona" in known
        assert "10:00\N{EN DASH}13:00 HST (3 h)" in known
        assert "Crew to be called: captain, crew_1, crew_2" in known
        assert "Approve" in known.buttons
