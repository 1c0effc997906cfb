"""Messages of ours: posted once, whatever gets lost, and changed only when they differ."""

from datetime import timedelta

import pytest
from orchestration_fakes import NOW, FakeChat

from bot.domain.errors import NeedsPerson, Retriable, Unknown
from bot.domain.message import Message
from bot.orchestration.posts import Posts
from bot.store.queries import posts as queries
from bot.store.queries.posts import Post
from bot.store.store import Store

KEY = "xhqgmdh:card"


def said(text: str) -> Message:
    return Message(text=text, blocks=())


async def test_the_same_words_are_posted_once_and_other_words_change_the_message(
    store: Store,
) -> None:
    chat = FakeChat()
    posts = Posts(store, chat, lambda: NOW)
    for text in ("one", "one", "two", "two"):
        await posts.ensure(KEY, "C0", said(text))
    assert chat.posted == {KEY: said("two")}
    assert chat.updates == [f"ts-{KEY}"]


async def test_a_post_whose_answer_was_lost_is_found_instead_of_posted_again(store: Store) -> None:
    chat = FakeChat(lose=[Unknown("Slack did not answer.")], arrives_anyway=True)
    post = await Posts(store, chat, lambda: NOW).ensure(KEY, "C0", said("one"))
    assert post.ts == f"ts-{KEY}"


async def test_a_post_that_never_arrived_is_posted_on_the_next_occasion(store: Store) -> None:
    chat, now = FakeChat(lose=[Unknown("Slack did not answer.")]), NOW
    posts = Posts(store, chat, lambda: now)
    with pytest.raises(Retriable):
        await posts.ensure(KEY, "C0", said("one"))
    now += timedelta(seconds=15)
    await posts.ensure(KEY, "C0", said("one"))
    assert chat.posted == {KEY: said("one")}


async def test_a_post_that_may_still_arrive_is_not_posted_again(store: Store) -> None:
    chat, now = FakeChat(lose=[KeyboardInterrupt("killed")]), NOW
    with pytest.raises(KeyboardInterrupt):
        await Posts(store, chat, lambda: now).ensure(KEY, "C0", said("one"))
    now += timedelta(hours=1)  # it waited so long for its turn, and was on its way at the kill
    posts = Posts(store, chat, lambda: now)
    with pytest.raises(Retriable, match="on its way"):
        await posts.ensure(KEY, "C0", said("one"))
    chat.posted[KEY] = said("one")
    chat.lose = [AssertionError("it was posted a second time")]
    assert (await posts.ensure(KEY, "C0", said("one"))).ts == f"ts-{KEY}"


async def test_a_post_of_another_replica_that_died_may_still_arrive_however_long_we_have_run(
    store: Store,
) -> None:
    chat, now = FakeChat(), NOW
    ours = Posts(store, chat, lambda: now)
    await ours.ensure("other:card", "C0", said("of ours"))
    chat.lose = [KeyboardInterrupt("killed")]
    with pytest.raises(KeyboardInterrupt):
        await Posts(store, chat, lambda: now).ensure(KEY, "C0", said("one"))
    now += timedelta(hours=1)  # it waited so long for its turn, and was on its way at the kill
    with pytest.raises(Retriable, match="on its way"):
        await ours.ensure(KEY, "C0", said("one"))
    now += timedelta(seconds=15)
    await ours.ensure(KEY, "C0", said("one"))
    assert chat.posted[KEY] == said("one")


async def test_what_was_certainly_not_sent_is_posted_without_waiting(store: Store) -> None:
    chat = FakeChat(lose=[Retriable("Slack cannot be reached.")])
    posts = Posts(store, chat, lambda: NOW)
    with pytest.raises(Retriable):
        await posts.ensure(KEY, "C0", said("one"))
    await posts.ensure(KEY, "C0", said("one"))
    assert chat.posted == {KEY: said("one")}


async def test_a_post_that_was_intended_before_a_crash_is_looked_for_first(store: Store) -> None:
    chat = FakeChat(lose=[KeyboardInterrupt("killed")], arrives_anyway=True)
    with pytest.raises(KeyboardInterrupt):
        await Posts(store, chat, lambda: NOW).ensure(KEY, "C0", said("one"))
    chat.lose = [AssertionError("it was posted a second time")]
    post = await Posts(store, chat, lambda: NOW).ensure(KEY, "C0", said("one"), linked=True)
    assert post.permalink == f"https://slack.example/ts-{KEY}"


async def test_a_message_that_a_person_deleted_is_posted_anew(store: Store) -> None:
    chat = FakeChat()
    posts = Posts(store, chat, lambda: NOW)
    await posts.ensure(KEY, "C0", said("one"))
    chat.posted.clear()
    chat.deleted = True
    with pytest.raises(Retriable):
        await posts.ensure(KEY, "C0", said("two"))
    await posts.ensure(KEY, "C0", said("two"))
    assert chat.posted == {KEY: said("two")}


async def test_a_message_to_be_redrawn_is_written_again_although_nothing_changed(
    store: Store,
) -> None:
    chat = FakeChat()
    posts = Posts(store, chat, lambda: NOW)
    await posts.ensure(KEY, "C0", said("one"))
    await posts.redraw(KEY)
    await posts.ensure(KEY, "C0", said("one"))
    assert chat.updates == [f"ts-{KEY}"]


async def test_a_revision_changes_what_is_there_and_posts_nothing(store: Store) -> None:
    chat = FakeChat()
    posts = Posts(store, chat, lambda: NOW)
    await posts.revise(KEY, said("two"))
    assert chat.posted == {}
    await posts.ensure(KEY, "C0", said("one"))
    await posts.revise(KEY, said("two"))
    await posts.revise(KEY, said("two"))
    assert (chat.posted, chat.updates) == ({KEY: said("two")}, [f"ts-{KEY}"])


async def test_a_revision_finds_what_was_posted_before_a_crash(store: Store) -> None:
    chat = FakeChat(lose=[KeyboardInterrupt("killed")], arrives_anyway=True)
    with pytest.raises(KeyboardInterrupt):
        await Posts(store, chat, lambda: NOW).ensure(KEY, "C0", said("press Retry"))
    await Posts(store, chat, lambda: NOW).revise(KEY, said("an earlier run"))
    assert chat.posted == {KEY: said("an earlier run")}


async def test_a_revision_waits_for_what_may_still_arrive_and_then_for_nothing(
    store: Store,
) -> None:
    chat, now = FakeChat(lose=[KeyboardInterrupt("killed")]), NOW
    with pytest.raises(KeyboardInterrupt):
        await Posts(store, chat, lambda: now).ensure(KEY, "C0", said("press Retry"))
    posts = Posts(store, chat, lambda: now)
    with pytest.raises(Retriable, match="on its way"):
        await posts.revise(KEY, said("an earlier run"))
    now += timedelta(seconds=15)
    await posts.revise(KEY, said("an earlier run"))
    chat.posted[KEY] = said("of somebody else")
    await posts.revise(KEY, said("an earlier run"))
    assert chat.posted == {KEY: said("of somebody else")}


async def test_a_revision_of_a_message_that_a_person_deleted_is_no_trouble(store: Store) -> None:
    chat = FakeChat()
    posts = Posts(store, chat, lambda: NOW)
    await posts.ensure(KEY, "C0", said("one"))
    chat.posted.clear()
    chat.deleted = True
    await posts.revise(KEY, said("two"))
    await posts.revise(KEY, said("two"))
    assert (chat.posted, chat.updates) == ({}, [])


async def test_what_was_posted_before_a_crash_is_brought_up_to_date_when_it_is_found(
    store: Store,
) -> None:
    chat = FakeChat(lose=[KeyboardInterrupt("killed")], arrives_anyway=True)
    with pytest.raises(KeyboardInterrupt):
        await Posts(store, chat, lambda: NOW).ensure(KEY, "C0", said("one"))
    posts = Posts(store, chat, lambda: NOW)
    await posts.ensure(KEY, "C0", said("two"))
    assert chat.posted == {KEY: said("two")}
    await posts.ensure(KEY, "C0", said("two"))
    assert chat.updates == [f"ts-{KEY}"]


async def test_what_another_replica_has_begun_to_post_is_left_to_it(store: Store) -> None:
    chat = FakeChat()
    theirs = Post(key=KEY, channel="C0", intended_at=NOW)

    async def meanwhile(query: object, *args: object) -> None:
        await Store.write(store, queries.intend, theirs)

    ours = Posts(store, chat, lambda: NOW)
    store.read = meanwhile  # type: ignore[method-assign]
    with pytest.raises(Retriable, match="being posted already"):
        await ours.ensure(KEY, "C0", said("one"))
    assert chat.posted == {}


@pytest.mark.parametrize("lost", [Retriable("No answer."), NeedsPerson("Not understood.")])
async def test_an_update_whose_answer_was_lost_is_undone_by_the_words_from_before(
    store: Store, lost: Exception
) -> None:
    """Who looks sees the last state, even where it is the same as the one before the last."""
    chat = FakeChat()
    posts = Posts(store, chat, lambda: NOW)
    await posts.ensure(KEY, "C0", said("needs a person"))
    for change in (posts.ensure(KEY, "C0", said("running")), posts.revise(KEY, said("running"))):
        chat.lose_updates = [lost]
        with pytest.raises(type(lost)):
            await change
        assert chat.posted == {KEY: said("running")}
        await posts.ensure(KEY, "C0", said("needs a person"))
        assert chat.posted == {KEY: said("needs a person")}
