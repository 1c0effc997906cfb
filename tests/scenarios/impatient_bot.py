"""The hurried bot, with seconds of patience for its database where it has half a minute, too."""

from hurried_bot import main

from bot import engine
from bot.store import server_connection

server_connection.ANSWERS_WITHIN_SECONDS = 2.0
engine._FIRST_PAUSE, engine._LONGEST_PAUSE = 0.1, 0.5

if __name__ == "__main__":
    main()
