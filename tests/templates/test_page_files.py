"""Comments leave the page's styles and scripts, and nothing else does."""

from pathlib import Path

import pytest

from bot.views.page_files import joined_scripts, joined_styles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for kind in ("css", "js"):
        (tmp_path / kind).mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("sheet", "joined"),
    [
        ("/* one\n   two */\na { b: c }", "a { b: c }\n"),
        ("/* one */ a { b: c }", "a { b: c }\n"),
        ("a { b: c; /* why\n\n*/ d: e }", "a { b: c;  d: e }\n"),
        ('a { content: "/* \' */" }', 'a { content: "/* \' */" }\n'),
        ("/* it's */\na { b: c } /* it's */", "a { b: c }\n"),
        ("\n  a {\n\n    b: c }\n", "a {\nb: c }\n"),
    ],
)
def test_a_sheets_comments_go_whole_and_its_rules_stay(folder, sheet, joined) -> None:
    (folder / "css/page.css").write_text(sheet)
    assert joined_styles(folder, ("page",)) == joined


def test_a_comment_that_is_not_closed_is_refused_in_words(folder) -> None:
    (folder / "css/page.css").write_text("a { b: c } /* and so on")
    with pytest.raises(ValueError, match=r"page\.css: a comment is not closed"):
        joined_styles(folder, ("page",))


def test_a_scripts_lines_of_comment_go(folder) -> None:
    (folder / "js/one.js").write_text("// Why.\nconst a = 1; // what\n\n  // More.\n  a + 1;\n")
    (folder / "js/two.js").write_text('const url = "https://x.example";\n')
    joined = 'const a = 1; // what\na + 1;\nconst url = "https://x.example";\n'
    assert joined_scripts(folder, ("one", "two")) == joined


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("/* one\n// two */\nconst a = 1;", "comments are lines that begin with //"),
        ("const a = 1; /* one */", "comments are lines that begin with //"),
        ("const a = `one\n// two\n`;", "a template goes over several lines"),
    ],
)
def test_a_script_that_could_lose_more_than_comments_is_refused_in_words(
    folder, script, why
) -> None:
    (folder / "js/base.js").write_text(script)
    with pytest.raises(ValueError, match=f"base\\.js: {why}"):
        joined_scripts(folder, ("base",))
