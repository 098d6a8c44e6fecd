"""What the gateway itself refuses, before any service is asked."""

from schemas.errors import Problem, Refusal


class NothingHere(Refusal):
    """There is nothing at this address. Look into /api/v1/openapi.json for those there are."""

    status = 404


class NoFeed(Refusal):
    """There is no calendar at this address, or no longer. Ask the office for the present link."""

    status = 404


class MethodNotAllowed(Refusal):
    """This address does not answer {method}; it answers {allowed}."""

    status = 405


class BodyUnreadable(Refusal):
    """The body of the request cannot be read. Send it complete, and of the kind that its Content-Type says."""

    status = 400


class BodyTooLarge(Refusal):
    """The body of the request is larger than {limit} MB. Send less at once."""

    status = 413


class ForeignHost(Refusal):
    """This server listens for its own machine only and does not answer by the name {host}. Open it as 127.0.0.1 or
    localhost, or set KHAIMAC_PUBLIC_URL to the address that people use.
    """

    status = 421


class ForeignOrigin(Refusal):
    """This change was sent by a page of another site and was refused. Open Khai Mạc itself and do it there."""

    status = 403


class PageOutdated(Refusal):
    """This page does not belong to your present session, so nothing was changed. Load it again and repeat it;
    what you typed is kept.
    """

    status = 403


class TooManyTries(Refusal):
    """Too many tries from your address. Wait {seconds} seconds, then try again."""

    status = 429


class VersionNeeded(Refusal):
    """The header If-Match is missing. Send the ETag of what you read, so that nobody's change is lost."""

    status = 428


class VersionUnclear(Refusal):
    """The header If-Match holds no version. Send one ETag as it was given, such as "7" with its quotation marks."""

    status = 400


class KeyUnfit(Refusal):
    """The header Idempotency-Key is unfit. Send 8 to 64 letters, digits, hyphens or underscores, such as a UUID."""

    status = 400


class KeyDiffers(Refusal):
    """The key in the address is {address}, the one in the body {body}. Give both the same."""


class ValuesWrong(Refusal):
    """The request cannot be used: {count} of its values are wrong. Each is named under “errors”."""


class PlanRefused(Refusal):
    """The plan was not imported: {count} errors stand in it. Each is named under “problems”; nothing was changed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(count=sum(problem.severity == "error" for problem in problems))
        self.problems = problems


class ZipUnreadable(Refusal):
    """{file} is not a zip file that can be read. Pack the plan folder again, without a password."""


class ZipTooLarge(Refusal):
    """{file} unpacks to more than {files} files or {limit} MB. Pack the files of one plan folder alone."""

    status = 413


class NoFiles(Refusal):
    """The request brings no files. Send the files of a plan folder, or one zip of it, as parts called “files”."""


class NotReady(Refusal):
    """The invitations of release {release} are being written. Try again in a few seconds."""

    status = 409


class NotReleased(Refusal):
    """The ceremony has no release yet, so nobody has an invitation. Release it first."""

    status = 409


class NoInvitation(Refusal):
    """This guest has no invitation. Guests are invited by the next release of the ceremony."""

    status = 404
