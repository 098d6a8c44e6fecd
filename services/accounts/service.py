"""Accounts: offices, users, roles, sign-in, sessions, links, tokens. Its commands and questions, on one screen."""

from collections.abc import Iterable
from typing import Any

from pwdlib import PasswordHash

import schemas.accounts as ask
from schemas import scheduling
from schemas.envelope import Grant
from schemas.rights import rights
from services.accounts import office, own
from services.accounts.entering import Entrance
from services.accounts.model.holder import settled
from services.accounts.secret import Passwords
from services.kit.service import Service


class Accounts(Service):
    name = "accounts"
    seen_with = "accounts.see"
    secrets = {}  # noqa: RUF012 - replaces the base's: whoever sees accounts sees their addresses

    argon2 = PasswordHash.recommended()  # Argon2id; what is kept says by which parameters, and follows when they grow

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        passwords = Passwords(self.store.hop, self.argon2)
        entrance, mine = Entrance(self, passwords), own.Own(self, passwords)
        self.numbers |= {"sign_ins_total": 0, "sign_ins_refused_total": 0}
        self.commands = {
            ask.change_profile: own.change_profile,
            ask.sign_out: own.sign_out,
            ask.revoke_session: own.revoke_session,
            ask.revoke_other_sessions: own.revoke_other_sessions,
            ask.revoke_token: own.revoke_token,
            ask.lock_user: office.lock_user,
            ask.unlock_user: office.unlock_user,
            ask.change_office: office.change_office,
            ask.open_office: office.open_office,
        }
        self.questions = {
            ask.look_at_link: entrance.look_at_link,
            ask.get_account: own.get_account,
            ask.list_sessions: mine.list_sessions,
            ask.list_tokens: mine.list_tokens,
            ask.list_users: office.list_users,
            ask.list_names: office.list_names,
            ask.get_office: office.get_office,
        }
        self.talks = {
            ask.recognise: entrance.recognise,
            ask.sign_in: entrance.sign_in,
            ask.sign_in_by_provider: entrance.sign_in_by_provider,
            ask.set_up: entrance.set_up,
            ask.accept_link: entrance.accept_link,
            ask.change_password: mine.change_password,
            ask.begin_second_factor: mine.begin_second_factor,
            ask.confirm_second_factor: mine.confirm_second_factor,
            ask.remove_second_factor: mine.remove_second_factor,
            ask.make_token: mine.make_token,
            ask.invite_user: self.invite_user,
            ask.change_user: self.change_user,
            ask.reset_link: self.reset_link,
            ask.setup_link: self.setup_link,
        }

    async def start(self) -> None:
        await super().start()
        await self.change(office.open_own, self.settings.office)

    async def invite_user(self, question: ask.InviteUser) -> ask.Invited:
        return await self.change(office.invite_user, question, await self._settled(question.grants))

    async def change_user(self, command: ask.ChangeUser) -> Any:
        grants = await self._settled(command.grants)
        once = self._command(ask.change_user, office.change_user)
        return await once(command.model_copy(update={"grants": grants}))

    async def reset_link(self, question: ask.ResetLink) -> ask.Link:
        return await self.change(office.reset_link, question)

    async def setup_link(self, question: ask.SetUpLink) -> ask.Link:
        return await self.change(office.setup_link, question)

    async def _settled(self, grants: Iterable[Grant]) -> tuple[Grant, ...]:
        """For ceremonies that there are, by their ids."""
        return settled([await self._of_ceremony(grant) for grant in grants], rights().roles)

    async def _of_ceremony(self, grant: Grant) -> Grant:
        if grant.ceremony_id is None:
            return grant
        found = await self.ask(scheduling.find_ceremony, scheduling.FindCeremony(which=grant.ceremony_id))
        return Grant(role=grant.role, ceremony_id=found.id)
