"""Programs that pip cannot bring: how to get them, by system."""

HOW_TO_GET = {
    "Chromium": """\
The tests in a browser need Chromium. Install it:
  Debian:  sudo apt install --no-install-recommends chromium
  Ubuntu:  sudo snap install chromium
  Fedora:  sudo dnf install chromium
  macOS:   brew install --cask chromium
or say where it is:  CHARTER_CHROMIUM=/path/to/chromium make test""",
    "axe-core": """\
The tests of accessibility need axe-core, which make test adds where there is npm. Install npm:
  Debian, Ubuntu:  sudo apt install --no-install-recommends npm
  Fedora:          sudo dnf install nodejs-npm
  macOS:           brew install node
and say make test again.""",
}
NOT_RUN = "not run for want of "
