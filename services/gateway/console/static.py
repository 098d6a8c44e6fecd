"""What browsers load besides pages: styles, scripts, signs, fonts. Hides hashed addresses, caching and gzip."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from services.gateway.refusals import NothingHere

router = APIRouter(include_in_schema=False)
_ROOT = Path(__file__).resolve().parents[3]
FOLDER = _ROOT / "templates" / "console"
_MODULES = _ROOT / "node_modules"
_FONTS = _MODULES / "@fontsource/be-vietnam-pro/files"
# The older format comes without hints, which weigh 5 kB a font and which heavy letters need least.
_WEIGHTS = {"400": ".woff2", "600": ".woff"}
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
_LEVEL = 9  # pressed once, sent often
_SMALLEST = 300  # octets; below that gzip saves no packet


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent; `pressed` is None for what is compressed in itself."""

    body: bytes
    pressed: bytes | None
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """By name; all is read once, so a running server answers from memory."""
    sources = {path.name: path.read_bytes() for path in sorted((FOLDER / "js").glob("*.js"))}
    sources |= {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.svg"))}
    # One style sheet for the browser, several files for whoever reads them.
    sources["console.css"] = b"\n".join(path.read_bytes() for path in sorted((FOLDER / "css").glob("*.css")))
    sources["htmx.js"] = (_MODULES / "htmx.org/dist/htmx.min.js").read_bytes()
    sources["sortable.js"] = (_MODULES / "sortablejs/Sortable.min.js").read_bytes()
    for script in ("latin", "vietnamese"):
        for weight, kind in _WEIGHTS.items():
            path = _FONTS / f"be-vietnam-pro-{script}-{weight}-normal{kind}"
            sources[f"{script}-{weight}{kind}"] = path.read_bytes()
    return {name: _asset(name, body) for name, body in sources.items()}


def _asset(name: str, body: bytes) -> Asset:
    kind = Path(name).suffix
    pressed = None if kind.startswith(".woff") else gzip.compress(body, _LEVEL, mtime=0)
    return Asset(body, pressed, _TYPES[kind])


@cache
def edition() -> str:
    """Of all files together: scripts and styles name each other without an address, so they change as one."""
    digest = hashlib.sha256()
    for name, asset in sorted(assets().items()):
        digest.update(f"{name}\0{len(asset.body)}\0".encode() + asset.body)
    return digest.hexdigest()[:16]


def address(name: str) -> str:
    """Where a page finds it; a name that is not there is a mistake in a template."""
    if name not in assets():
        raise KeyError(name)
    return f"/static/{edition()}/{name}"


@router.get("/static/{version}/{name:path}")
async def static(request: Request, version: str, name: str) -> Response:
    asset = assets().get(name)
    if asset is None:
        raise NothingHere
    # A page from before an update still finds its files, but nobody keeps what stands at the wrong address.
    lasting = "public, max-age=31536000, immutable" if version == edition() else "no-cache"
    headers = {"Cache-Control": lasting, "Vary": "Accept-Encoding"}
    if asset.pressed is not None and takes_gzip(request):
        return Response(asset.pressed, headers=headers | {"Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.body, headers=headers, media_type=asset.media_type)


def takes_gzip(request: Request) -> bool:
    """RFC 9110 section 12.5.3; `q=0` says no."""
    for part in request.headers.get("accept-encoding", "").split(","):
        found = re.fullmatch(r"\s*(?:gzip|\*)\s*(?:;\s*q=([0-9.]+)\s*)?", part)
        if found:
            return not found[1] or float(found[1] or "0") > 0
    return False


def press(request: Request, body: bytes) -> tuple[bytes, dict[str, str]]:
    """A page as it goes over the wire, and the headers that say so.

    Compressing a page lets somebody who can make a browser repeat requests guess secrets in it by its length
    (BREACH). Ours hold none to guess: the session stands in a cookie only, the token against forged requests in
    another cookie and a header, both SameSite, so no foreign page can ask in a session; passwords and API tokens are
    shown once.
    """
    headers = {"Vary": "Accept-Encoding"}
    if len(body) < _SMALLEST or not takes_gzip(request):
        return body, headers
    return gzip.compress(body, 5, mtime=0), headers | {"Content-Encoding": "gzip"}
