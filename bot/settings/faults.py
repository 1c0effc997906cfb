"""What is wrong with a charter.toml, as sentences: every fault at once, and no value repeated."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_UNION_TAGS = frozenset({"jada", "google"})
_WRONG_DOOR = (
    "is the guest site's host, which CloudFront serves and where X-Service-Key is stripped; "
    "use the execute-api URL of the crew service"
)
_PLAIN = {
    "missing": "is missing",
    "tuple_type": 'must be a list, such as ["U0CAPTAIN"]',
    "decimal_parsing": 'must be a number in quotes, such as "18"',
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "decimal_type": 'must be a number in quotes, such as "18"',
    "finite_number": 'must be a number in quotes, such as "18"',
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false, without quotes",
    "model_type": "must be a section of its own, with its keys below its name in [ ]",
    "model_attributes_type": "must be a section of its own, with its keys below its name in [ ]",
    "mapping_type": "must be a section of its own, with its keys below its name in [ ]",
    "union_tag_invalid": 'kind must be "jada" or "google"',
    "union_tag_not_found": 'kind is missing; it is "jada" or "google"',
}


class SettingsError(Exception):
    """The settings cannot be used. `faults`: one line each, `key: what is wrong with it`."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("\n".join(self.faults))


def faults_of(error: ValidationError, names: Mapping[str, tuple[str, ...]]) -> list[str]:
    """A line for each error. `names`: the keys that are known in each section ("" is the top)."""
    return [
        f"{_key(detail['loc'])}: {_sentence(detail, names)}"
        for detail in error.errors(include_input=False, include_url=False)
    ]


def known_names(sections: Mapping[str, tuple[type[BaseModel], ...]]) -> dict[str, tuple[str, ...]]:
    """The keys that each section may hold, to suggest the nearest for one that is misspelt."""
    known = {
        section: tuple(name for model in models for name in model.model_fields)
        for section, models in sections.items()
    }
    return {"": tuple(sections), **known}


def across(document: Mapping[str, Any]) -> list[str]:
    """Faults that no single section shows."""
    page = urlsplit(_text(document, "guest_pages", "public_url"))
    crew = urlsplit(_text(document, "crew_service", "url"))
    found = _pictures_of_nobody(document)
    if crew.netloc and page.netloc.lower() == crew.netloc.lower():
        found.append(f"crew_service.url: {_WRONG_DOOR}")
    return found


def _pictures_of_nobody(document: Mapping[str, Any]) -> list[str]:
    pages, boats = document.get("guest_pages"), document.get("boats")
    pictures = pages.get("pictures") if isinstance(pages, dict) else None
    if not isinstance(pictures, dict) or not isinstance(boats, list):
        return []
    names = {boat.get("name") for boat in boats if isinstance(boat, dict)}
    return [
        f"guest_pages.pictures.{name}: no boat has this name" for name in pictures.keys() - names
    ]


def _text(document: Mapping[str, Any], section: str, key: str) -> str:
    part = document.get(section)
    value = part.get(key) if isinstance(part, dict) else None
    return value if isinstance(value, str) else ""


def _key(loc: tuple[int | str, ...]) -> str:
    shown = ""
    for place, part in enumerate(loc):
        if isinstance(part, int):
            shown += f"[{part}]"
        elif not (place == 1 and loc[0] == "calendar" and part in _UNION_TAGS):
            shown += f".{part}" if shown else part
    return shown


def _sentence(detail: ErrorDetails, names: Mapping[str, tuple[str, ...]]) -> str:
    kind, said = detail["type"], detail["msg"]
    if kind == "extra_forbidden":
        return _unknown(detail["loc"], names)
    if kind == "value_error":
        return said.removeprefix("Value error, ")
    return _PLAIN.get(kind) or said.replace("Input should be", "must be").replace(" valid ", " ")


def _unknown(loc: tuple[int | str, ...], names: Mapping[str, tuple[str, ...]]) -> str:
    section = str(loc[0]) if len(loc) > 1 else ""
    inner = ".".join(str(part) for part in loc[:-1])
    near = get_close_matches(str(loc[-1]), names.get(inner, names.get(section, ())), n=1)
    return f"is not a known key; did you mean {near[0]}?" if near else "is not a known key"
