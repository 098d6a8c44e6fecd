"""Writes the published contracts anew from the code: docs/contracts, docs/rights.md, schemas/contracts."""

import sys
from pathlib import Path

from schemas import asyncapi
from schemas.frozen import as_text, freeze
from schemas.rights_page import page
from services.gateway.app import create_app
from services.kit.bus import Bus
from services.kit.settings import Settings

DOCS = Path(__file__).resolve().parents[1] / "docs" / "contracts"


def main() -> int:
    settings = Settings(_env_file=None)
    DOCS.mkdir(parents=True, exist_ok=True)
    documents = {"asyncapi": asyncapi.document(), "openapi": create_app(Bus(settings), settings).openapi()}
    for name, document in documents.items():
        (DOCS / f"{name}.json").write_text(as_text(document), "utf-8")
    (DOCS.parent / "rights.md").write_text(page(), "utf-8")
    broken = freeze()
    for one in broken:
        print(f"This breaks who knows the present contract. {one}. Make a new event type (….v2) instead.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
