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
    """This server does not answer by the name {host}. On its own machine open it as 127.0.0.1 or localhost; for
    others set KHAIMAC_PUBLIC_URL to the address that people use.
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


class LinkElsewhere(Refusal):
    """This link is for something else. Open it as it was given to you, without changing it."""

    status = 404


class FormIncomplete(Refusal):
    """Something in the form is missing or cannot be used. Fill in every field, then send it again."""


class TooManyPages(Refusal):
    """More than {count} pages are open with your account. Close some of them; this one works, but does not follow
    what others change.
    """

    status = 429


class TooManyTries(Refusal):
    """Too many tries from your address. Wait {seconds} seconds, then try again."""

    status = 429


class NoProvider(Refusal):
    """Nobody signs in here by another service. Sign in with your e-mail address and password."""

    status = 404


class SignInLapsed(Refusal):
    """This sign-in cannot be finished: it was begun in another window or browser, took longer than {minutes} minutes,
    or was finished already. Begin it again.
    """

    status = 400


class SignInCancelled(Refusal):
    """{provider} did not let you sign in, or you stopped it there. Try again, or sign in with your password."""

    status = 403


class EmailNotTold(Refusal):
    """{provider} does not tell us your e-mail address, by which your account is found. Ask whoever runs it to enter
    your address there, and to release it to Khai Mạc.
    """

    status = 403


class EmailUnverified(Refusal):
    """{provider} has not verified your e-mail address, so no account is found by it. Have it verified there, then try
    again; your administrator finds more in the guide to sign-in.
    """

    status = 403


class TokenUnfit(Refusal):
    """What {provider} says of you could not be verified, so you were not signed in. Try again; if it happens again,
    tell your administrator: the log says more under {reference}.
    """

    status = 403


class ProviderDeclined(Refusal):
    """{provider} ended the sign-in with the word “{error}”. Try again; if it happens again, tell your administrator
    this word.
    """

    status = 403


class ProviderAway(Refusal):
    """{provider} cannot be reached just now. Try again in a minute, or sign in with your password."""

    status = 503


class ProviderUnfit(Refusal):
    """What {provider} answers cannot be used for signing in. Sign in with your password, and tell your administrator:
    the log says more under {reference}.
    """

    status = 503


class ProviderOther(Refusal):
    """The sign-in provider calls itself “{found}”, but KHAIMAC_OIDC_ISSUER is “{issuer}”. The administrator must set
    it to exactly what the provider calls itself. Until then, sign in with your password.
    """

    status = 503


class IssuerUnsafe(Refusal):
    """KHAIMAC_OIDC_ISSUER is “{issuer}”, which is no https address, so nobody is sent there. The administrator must
    set the https address of the provider. Until then, sign in with your password.
    """

    status = 503


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


class DocumentsNotReady(Refusal):
    """The documents are being made: {ready} of {total} are ready. Try again in a few seconds."""

    status = 409


class NotReleased(Refusal):
    """The ceremony has no release yet, so nobody has an invitation. Release it first."""

    status = 409


class NoInvitation(Refusal):
    """This guest has no invitation. Guests are invited by the next release of the ceremony."""

    status = 404
