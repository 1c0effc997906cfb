"""What axe-core says of a page."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
# Colours on their way from one to another are nobody's choice; what turns for ever is let be.
_IS_STILL = """() => document.getAnimations().every((each) =>
    each.playState !== "running" || each.effect.getComputedTiming().endTime === Infinity)"""


def violations(page: Page, part: str = "html") -> list[str]:
    """One line for each element that breaks a rule: the rule, the element, what to do.

    `part`: a selector of what is looked at, where the rest was looked at before. A page within the page is looked at on its own: open it by itself.
    """
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(SCRIPT.read_text("utf-8"))
    page.wait_for_function(_IS_STILL)
    found = page.evaluate(
        """async (part) => {
            const how = { iframes: false, preload: false, resultTypes: ["violations"] };
            const { violations } = await axe.run(part, how);
            return violations.flatMap((rule) => rule.nodes.map((node) =>
                [rule.id, node.target.join(" "), node.html.slice(0, 200), node.failureSummary]
                    .join(" | ").replaceAll("\\n", " ")));
        }""",
        part,
    )
    return list(found)
