from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa


def insert_once(connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless its key is taken; False if it is.

    The database decides, so of two transactions at once one is told so.
    """
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(table).values(**values))
    except sa.exc.IntegrityError:
        return False
    return True
