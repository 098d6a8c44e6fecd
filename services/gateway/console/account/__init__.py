"""/account: one's own account. Profile, password, second factor, sessions, tokens for programs."""

from fastapi import APIRouter

from services.gateway.console.account import page, profile, proof, sessions, tokens

router = APIRouter(include_in_schema=False)
for part in (page, profile, proof, sessions, tokens):
    router.include_router(part.router)
