"""Paper (帳票): a document as pages. Python decides where every line stands, Typst only draws; the same document is the
same bytes on every machine, because nothing but the fonts that come along is used."""

from genbo.reporting.paper.paper import Paper, PaperColumn, PaperFile
from genbo.reporting.paper.pdf import as_pdf, as_pictures, attached

__all__ = ["Paper", "PaperColumn", "PaperFile", "as_pdf", "as_pictures", "attached"]
