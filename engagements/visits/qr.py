"""A QR code as one path, drawn by a template without styles or scripts."""

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode


@dataclass(frozen=True)
class Code:
    """A square of `size` units, quiet zone included; `path` draws the dark modules."""

    size: int
    path: str


def code_for(text: str) -> Code:
    """The code that opens `text`; rows of dark modules become one stroke each."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    matrix = code.get_matrix()
    strokes = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            begin = x
            while x < len(row) and row[x]:
                x += 1
            if x > begin:
                strokes.append(f"M{begin} {y}h{x - begin}v1H{begin}z")
            x += 1
    return Code(len(matrix), "".join(strokes))
