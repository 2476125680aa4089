"""What can go wrong with the server, as sentences a person can act on."""


class SupervisorError(Exception):
    """The database cannot be used; the message says what to do."""


class HomeInUse(SupervisorError):
    """Another Hadir already serves this home."""


class ServerFailed(SupervisorError):
    """PostgreSQL did not start, or initdb did not finish; the message ends with its last words."""
