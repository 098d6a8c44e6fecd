"""A PDF looked at: a page as a picture, or whether it names somebody.

Runs in worker processes only: PDFium is C++ and keeps one lock for all threads.
"""

import io
from collections.abc import Iterable

import pypdfium2

from services.lang import nfc
from services.program.model import Drawn


def draw(pdf: bytes, page: int, width: int) -> Drawn:
    """`page` from 1."""
    with pypdfium2.PdfDocument(pdf) as document:
        sheet = document[page - 1]
        scale = (width - 0.5) / sheet.get_width()  # PDFium's wrapper rounds up
        picture = sheet.render(scale=scale, draw_annots=False).to_pil()
    whole = io.BytesIO()
    picture.save(whole, "PNG")
    return Drawn(whole.getvalue(), picture.width, picture.height)


def names_one_of(pdf: bytes, words: Iterable[str]) -> bool:
    """However it breaks its lines, and in capitals too."""
    wanted = [_plain(word) for word in words]
    with pypdfium2.PdfDocument(pdf) as document:
        return any(word in text for text in map(_text, document) for word in wanted)


def _text(page: pypdfium2.PdfPage) -> str:
    return _plain(page.get_textpage().get_text_range())


def _plain(text: str) -> str:
    return nfc(" ".join(text.split())).casefold()
