"""What each document of a ceremony prints, as pure data with a hash; how it looks is the templates' business."""

from services.program.model.inputs import DRAFT_INVITATIONS, SECRET, Drawn, Inputs, Parts, Rendered, documents

__all__ = ["DRAFT_INVITATIONS", "SECRET", "Drawn", "Inputs", "Parts", "Rendered", "documents"]
