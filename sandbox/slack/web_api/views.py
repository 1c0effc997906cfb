"""views.*: modals and Home tabs."""

from typing import Any

from sandbox.slack.rates import TIER_4
from sandbox.slack.web_api.call import Call
from sandbox.slack.web_api.method import Method

Json = dict[str, Any]


async def open_view(call: Call) -> Json:
    return {"view": call.modals.open(call.arguments.text("trigger_id"), _view(call))}


async def push_view(call: Call) -> Json:
    return {"view": call.modals.push(call.arguments.text("trigger_id"), _view(call))}


async def update_view(call: Call) -> Json:
    view = call.modals.find(call.arguments.text("view_id"), call.arguments.text("external_id"))
    changed = call.modals.update(view, _view(call), call.arguments.text("hash"))
    return {"view": changed}


async def publish_view(call: Call) -> Json:
    user = call.arguments.needed("user_id")
    return {"view": call.modals.publish_home(user, _view(call), call.arguments.text("hash"))}


def _view(call: Call) -> Any:
    call.arguments.needed("view")
    return call.arguments.structure("view", "invalid_arguments")


METHODS = (
    Method("views.open", open_view, "", TIER_4),
    Method("views.push", push_view, "", TIER_4),
    Method("views.update", update_view, "", TIER_4),
    Method("views.publish", publish_view, "", TIER_4),
)
