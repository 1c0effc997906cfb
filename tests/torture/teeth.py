"""Planted bugs, each of which the suite must catch."""

from tests.torture.teeth_of_answers import ANSWERS
from tests.torture.teeth_of_calling import CALLING
from tests.torture.teeth_of_claims import CLAIMS
from tests.torture.teeth_of_clicks import CLICKS
from tests.torture.teeth_of_contents import CONTENTS
from tests.torture.teeth_of_races import RACES
from tests.torture.teeth_of_steps import STEPS
from tests.torture.teeth_of_threads import THREADS
from tests.torture.teeth_of_words import WORDS
from tests.torture.tooth import Tooth

TEETH: tuple[Tooth, ...] = (
    *CLICKS,
    *WORDS,
    *STEPS,
    *THREADS,
    *CONTENTS,
    *RACES,
    *ANSWERS,
    *CALLING,
    *CLAIMS,
)
