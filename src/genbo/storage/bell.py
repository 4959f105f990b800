"""The bell: wakes whoever waits as soon as somebody has stored what he waits for, in this process or in another."""

from psycopg import Connection as DriverConnection
from psycopg import Error as DriverError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from genbo.storage.commands import WAKE
from genbo.storage.engine import Database


class Bell:
    """One listener. For one thread."""

    def __init__(self, database: Database, channel: str = WAKE) -> None:
        """`channel`: what is waited for; by default a command."""
        self._database = database
        self._channel = channel
        self._connection: Connection | None = None

    def wait(self, seconds: float) -> bool:
        """Waits until it was rung, or so long; whether it may have been rung. A ring while nobody waited counts too.

        Raises:
            Fault: `database_unreachable`.
        """
        driver = self._listening()
        try:
            for _ in driver.notifies(timeout=seconds, stop_after=1):
                return True
        except (
            DriverError
        ):  # the connection is lost: the next wait makes a new one, or says that it cannot
            self.close()
            return True  # nobody knows what rang meanwhile
        return False

    def close(self) -> None:
        """Stops listening."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _listening(self) -> DriverConnection[object]:
        with self._database.faults():
            if self._connection is None:
                self._connection = self._database.engine.connect().execution_options(
                    isolation_level="AUTOCOMMIT"
                )
                try:
                    self._connection.exec_driver_sql(f"LISTEN {self._channel}")
                except SQLAlchemyError:
                    self.close()
                    raise
        driver = self._connection.connection.driver_connection
        assert isinstance(driver, DriverConnection)
        return driver
