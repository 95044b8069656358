"""Files of strangers -> their text, or a sentence on what is wrong: PDFs of every sort, texts, and what is neither."""

from __future__ import annotations

import zlib

import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission

from interviewer.aim.files import AIM_CHARS, clean, text_of_file
from interviewer.aim.pdf import MOST_OPERATIONS, MOST_PAGES, MOST_STREAM_BYTES, text_of_pdf
from interviewer.errors import UnusableText

ADVERT = "Senior Python Developer\n\nYou will use FastAPI, PostgreSQL and Docker."


def a_pdf(*pages: str, password: str = "", owner: str = "") -> bytes:
    """A PDF with these texts on its pages."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    if password or owner:
        pdf.set_encryption(owner or password, password, permissions=AccessPermission.none())
    for text in pages:
        pdf.add_page()
        if text:
            pdf.multi_cell(0, 8, text)
    return bytes(pdf.output())


def with_stream(content: bytes) -> bytes:
    """The smallest PDF whose one page has this compressed content."""
    packed = zlib.compress(content, 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        start,
    )


def test_the_text_of_a_pdf_is_read_page_after_page() -> None:
    """Also with a few bytes before it, as some servers send them."""
    text = text_of_file(b"\n\n" + a_pdf(ADVERT, "Second page: Celery"))
    assert text.index("FastAPI") < text.index("Celery")
    assert "Senior Python Developer" in text


def test_a_pdf_that_only_forbids_printing_is_read() -> None:
    """It opens without a password."""
    assert "FastAPI" in text_of_file(a_pdf(ADVERT, owner="secret"))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (a_pdf(ADVERT, password="secret"), "protected by a password"),
        (a_pdf(""), "no text in this PDF"),
        (a_pdf(ADVERT)[:400], "cannot be read"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "cannot be read"),
        (a_pdf(*["x"] * (MOST_PAGES + 1)), f"more than {MOST_PAGES} pages"),
        (with_stream(b" " * (MOST_STREAM_BYTES + 1)), "too much room"),
        (with_stream(b"BT /F1 9 Tf (a) Tj ET " * MOST_OPERATIONS), "too long to read"),
    ],
    ids=["password", "scan", "cut off", "junk", "pages", "bomb", "operators"],
)
def test_a_pdf_that_gives_no_text_is_told_apart(data: bytes, says: str) -> None:
    """Each with what to do instead: paste the text, or a part of it."""
    with pytest.raises(UnusableText, match=says) as told:
        text_of_file(data)
    assert "Paste" in str(told.value) or "paste" in str(told.value)


def test_a_pdf_that_takes_for_ever_is_given_up() -> None:
    """The process that reads it is ended."""
    with pytest.raises(UnusableText, match="too long to read"):
        text_of_pdf(a_pdf(ADVERT), wall_s=0.001)


@pytest.mark.parametrize(
    "data",
    [
        ADVERT.encode(),
        b"\xef\xbb\xbf" + ADVERT.encode(),
        ADVERT.encode("utf-16"),
        ADVERT.replace("\n", "\r\n").encode(),
        ADVERT.replace("FastAPI", "Fast\x00API").encode(),
        ADVERT.replace("FastAPI", "Fast\u00adAPI").encode(),
    ],
    ids=["utf-8", "with a mark", "utf-16", "of Windows", "NUL", "soft hyphen"],
)
def test_a_text_file_is_read_as_it_was_written(data: bytes) -> None:
    """Without what nobody sees."""
    assert text_of_file(data) == ADVERT


def test_an_old_encoding_keeps_its_umlauts() -> None:
    """Windows-1252, when it is not UTF-8."""
    assert text_of_file("fünf Jahre".encode("cp1252")) == "fünf Jahre"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no words"),
        (b" \n\t\x0c ... ", "no words"),
        (b"PK\x03\x04" + b"\x00" * 60, "Word files"),
        (bytes(range(256)) * 40, "neither a PDF nor a text"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 99, "neither a PDF nor a text"),
        (b"Python " * 150_000, "1,049,999 characters"),
    ],
    ids=["empty", "blank", "docx", "binary", "picture", "1 MB"],
)
def test_what_is_no_text_is_told_apart(data: bytes, says: str) -> None:
    """And what to do."""
    with pytest.raises(UnusableText, match=says):
        text_of_file(data)


def test_the_longest_text_is_taken_and_one_more_is_not() -> None:
    """After cleaning."""
    assert len(clean("a" * AIM_CHARS + "\x00\n")) == AIM_CHARS
    with pytest.raises(UnusableText):
        clean("a" * (AIM_CHARS + 1))
