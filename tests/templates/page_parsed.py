"""A guest's page, parsed as a browser would."""

import base64
from collections.abc import Mapping
from html.parser import HTMLParser

VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """The page's elements; a tag that does not match its opening fails."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page.decode("utf-8"))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs) -> None:
        assert len(dict(attrs)) == len(attrs), "an attribute twice"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def all(self, tag: str) -> list[Mapping[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def inside(self, tag: str) -> str:
        return "".join(text for parent, text in self.texts if parent == tag)

    @property
    def words(self) -> str:
        said = (text for parent, text in self.texts if parent not in {"style", "script"})
        return " ".join(" ".join(said).split())

    @property
    def csp(self) -> Mapping[str, str]:
        (meta,) = [m for m in self.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
        return dict(rule.strip().split(" ", 1) for rule in meta["content"].split(";"))

    @property
    def calendar(self) -> str:
        """The calendar file that the page offers."""
        (link,) = [a for a in self.all("a") if "download" in a]
        return base64.b64decode(link["href"].partition("base64,")[2]).decode()
