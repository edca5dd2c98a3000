"""What can go wrong with LeanCloud, in words for the person in front of it."""


class LeanCloudError(Exception):
    """LeanCloud did not give what it was asked for."""


class Refused(LeanCloudError):
    """It says no, and will say so again."""

    def __init__(self, status: int, code: int | None, words: str) -> None:
        super().__init__(words if code is None else f"{words} (HTTP {status}, code {code})")
        self.status = status
        self.code = code


class WrongKey(Refused):
    """It does not take the app's id with this master key."""


class Unanswered(LeanCloudError):
    """It did not answer, or not with sense, however often it was asked."""


class FolderError(Exception):
    """The folder is not one to export into."""
