"""Name, language and look of one's own account."""

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from schemas import accounts
from schemas.accounts import ChangeProfile
from schemas.envelope import Question
from schemas.errors import Refusal
from services.gateway.asking import TheBus
from services.gateway.console.account.page import show_again
from services.gateway.console.fields import Fields
from services.gateway.console.frame import Toast, go, words_of
from services.gateway.console.merging import LINE, Collision, Present, Thing, Values, ask_which, read, save
from services.kit.bus import Bus

router = APIRouter(include_in_schema=False)
_KINDS = {"name": LINE, "language": LINE, "theme": LINE}
_LOOKS = ("khaimac_language", "khaimac_theme")


@router.post("/account/profile")
async def change_profile(request: Request, bus: TheBus) -> Response:
    """Choices that are empty are left to the browser."""
    typed = read(await request.form(), _KINDS).edit
    try:
        change = await save(_profile(bus), typed)
    except Collision as collision:
        return await ask_which(request, collision, Fields(words_of(request)))
    except (Refusal, ValidationError) as wrong:
        return await show_again(request, bus, "profile", wrong, typed.mine)
    _speak(request, change.after)
    response = await go(request, "/account", Toast("Your account is changed.", undo=change.undo("/account/profile")))
    for name in _LOOKS:  # chosen for the account: what only this browser was told no longer counts
        response.delete_cookie(name, path="/", samesite="lax")
    return response


def _speak(request: Request, new: Values) -> None:
    """From here on as the account now says: what is said next is read under its new language."""
    request.cookies.pop("khaimac_language", None)
    if "language" in new:
        request.state.identity = request.state.identity.model_copy(update={"language": new["language"]})


def _profile(bus: Bus) -> Thing:
    async def load() -> Present:
        one = await bus.ask(accounts.get_account, Question())
        return Present(one.version, {name: getattr(one, name) for name in _KINDS})

    async def write(version: int, values: Values) -> object:
        new = {**values, "name": values["name"] or "", "expected_version": version}
        return await bus.ask(accounts.change_profile, ChangeProfile.model_validate(new))

    return Thing(load, write)
