"""A stand-in for Slack on this machine, over Slack's own protocols."""

from sandbox.slack.server import SlackStandIn

__all__ = ["SlackStandIn"]
