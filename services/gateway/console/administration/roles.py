"""Who may do what: the table that is enforced, for people."""

from fastapi import APIRouter, Request, Response

from schemas.rights import ANYBODY, SIGNED_IN, rights
from services.gateway.console.administration.tabs import show_tab

router = APIRouter(include_in_schema=False)


@router.get("/administration/roles")
async def roles_page(request: Request) -> Response:
    """What takes a role; the rest everybody may, or nobody."""
    table = rights()
    given = {
        name: action
        for name, action in table.actions.items()
        if action.roles and not {ANYBODY, SIGNED_IN} & set(action.roles)
    }
    return await show_tab(request, "roles", "roles", roles=table.roles, actions=given)
