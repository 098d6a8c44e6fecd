"""The table of rights as a page for people (docs/rights.md), made from the table that is enforced."""

from schemas.rights import ANYBODY, SIGNED_IN, Action, Rights, rights

_HEAD = """# Who may do what

Made from `schemas/rights.yaml` by `make contracts`: the same table is the enforcement and the test that calls every
route and every question as every role and as nobody. Roles hold for a whole office or for one ceremony of it; an
office never sees another's anything.

"""


def page() -> str:
    """Markdown: the roles, the matrix, and what belongs to each action."""
    table = rights()
    roles = "\n".join(f"- **{role.label}** (`{name}`): {role.words}" for name, role in table.roles.items())
    matrix = "\n".join(_line(name, action, table) for name, action in table.actions.items())
    head = "| Action | " + " | ".join(role.label for role in table.roles.values()) + " |"
    rule = "|---" * (len(table.roles) + 1) + "|"
    parts = "\n".join(_parts(name, action) for name, action in table.actions.items() if _names(action))
    return f"{_HEAD}{roles}\n\n{head}\n{rule}\n{matrix}\n\n## What each action holds\n\n{parts}\n"


def _line(name: str, action: Action, table: Rights) -> str:
    marks = " | ".join(_mark(role, action) for role in table.roles)
    return f"| {action.words} (`{name}`){_note(action)} | {marks} |"


def _mark(role: str, action: Action) -> str:
    return "✓" if {role, ANYBODY, SIGNED_IN} & set(action.roles) else ""


def _note(action: Action) -> str:
    if ANYBODY in action.roles:
        return ", without signing in"
    if not action.roles:
        return ", nobody else"
    return ", in the office that runs the installation" if action.installation else ""


def _names(action: Action) -> list[str]:
    return [*action.asks, *action.filtered, *action.routes]


def _parts(name: str, action: Action) -> str:
    return f"- `{name}`: " + ", ".join(f"`{one}`" for one in sorted(_names(action)))
