"""Every method that the stand-in knows."""

from collections.abc import Mapping

from sandbox.slack.web_api import chat, conversations, directory, uploads, views
from sandbox.slack.web_api.method import Method

FAMILIES = (chat.METHODS, conversations.METHODS, directory.METHODS, uploads.METHODS, views.METHODS)
REGISTRY: Mapping[str, Method] = {method.name: method for family in FAMILIES for method in family}
