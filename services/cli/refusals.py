"""What the commands themselves refuse, before or beside the services."""

from schemas.errors import Refusal


class NothingReleased(Refusal):
    """{ceremony} has no release yet. Release it first: khaimac release {ceremony}."""

    status = 409


class NoSuchRelease(Refusal):
    """{ceremony} has no release {release}; the last one is {last}. Choose one that exists."""

    status = 404


class NotPrinted(Refusal):
    """The documents of {ceremony} are not ready after {seconds} seconds: {ready} of {total} are. Look at
    `khaimac parked` and into the log, then try again.
    """

    status = 503


class NotPrepared(Refusal):
    """The invitations of release {release} of {ceremony} are not ready after {seconds} seconds. Look at
    `khaimac parked` and into the log, then try again.
    """

    status = 503


class ContentBroken(Refusal):
    """The bytes of {file} are not those that were kept. Nothing was written for it; tell your administrator."""

    status = 500


class FileTrouble(Refusal):
    """{path}: {reason}. Choose another place, or put this right and try again."""


class NotASourceTree(Refusal):
    """{path} is not there. This command works in the source tree of the project; get it whole and try again."""


class Unexpected(Refusal):
    """Something went wrong that should not: {kind}. Please report it with what KHAIMAC_LOG_LEVEL=DEBUG shows."""

    status = 500


class NothingParked(Refusal):
    """No parked event {event}. `khaimac parked` lists those there are."""

    status = 404


class ServicesSilent(Refusal):
    """These services do not answer: {names}. See whether they run, then try again."""

    status = 503


class ExampleRefused(Refusal):
    """The example {folder} could not be imported; the table says why. Put it right and try again."""
