"""One page of a PDF as a picture. Runs in worker processes only: PDFium is C++ and keeps one lock for all threads."""

import io

import pypdfium2

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
