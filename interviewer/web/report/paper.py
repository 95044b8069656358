"""A4 pages to write on: headings, paragraphs, lists, code and tables with bars, in fonts that come along.

Millimetres and points. Nothing here knows what a report is; whatever text comes, a page comes of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from fpdf import FPDF, TextStyle, ViewerPreferences
from fpdf.enums import MethodReturnValue
from fpdf.fonts import TTFFont
from markdown_it.token import Token

from interviewer.web.markdown import blocks, inline_runs
from interviewer.web.report.tables import Row, Table

FONTS = Path(__file__).parent / "fonts"
BOX = "□"
"""Stands for a character that no font here has."""
MOST_ACCENTS = 8
"""On one letter."""
INK, SOFT, ACCENT, LINE, PAPER, EDGE = "#22252a", "#5c6169", "#1f5f5b", "#dedbd3", "#f1efe9", "#85868a"
FILL = {"full": ACCENT, "half": EDGE}
TEXT_PT, SMALL_PT, CODE_PT = 10, 8.5, 8.5
LEADING_MM, MARGIN_MM, STEP_MM, GAP_MM = 5.2, 20, 6, 2.2
BAR_MM, BAR_HEIGHT_MM = 40, 3
DEEPEST = 6
"""Steps that a text may be moved in; what is nested deeper stays there."""
HEADING_ROOM_MM = (60, 46, 28)
"""A heading of a level begins a new page when less than this is left, room for one below it and two lines: it never
stands alone at the foot of a page."""


class Paper(FPDF):
    """A document; `missing` counts the characters that no font had."""

    def __init__(self, title: str, *, made_at: datetime) -> None:
        super().__init__(format="A4", unit="mm")
        self.missing = 0
        self.str_alias_nb_pages = ""  # else a candidate's "{nb}" becomes a number
        for family, style, name in (
            ("sans", "", "DejaVuSans"),
            ("sans", "B", "DejaVuSans-Bold"),
            ("mono", "", "DejaVuSansMono"),
        ):
            self.add_font(family, style, FONTS / f"{name}.ttf")
        self._known = frozenset(code for font in self.fonts.values() if isinstance(font, TTFFont) for code in font.cmap)
        self.set_fallback_fonts(["sans", "mono"], exact_match=False)
        self.set_title(self.clean(title))
        self.set_lang("en")
        self.set_creator("Interviewer")
        self.set_creation_date(made_at)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self._foot = self.clean(title)
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, margin=MARGIN_MM)
        self.set_section_title_styles(
            TextStyle("sans", "B", 18, INK, t_margin=0, b_margin=1),
            TextStyle("sans", "B", 13, INK, t_margin=6, b_margin=2),
            TextStyle("sans", "B", 10.5, INK, t_margin=4, b_margin=1.5),
        )
        self.add_page()
        self.plain()

    def footer(self) -> None:
        """Title and page number."""
        self.set_y(-14)
        self.set_font("sans", "", SMALL_PT)
        self.set_text_color(SOFT)
        self.cell(self.epw * 0.8, 5, self._foot)
        self.cell(self.epw * 0.2, 5, f"Page {self.page_no()}", align="R")

    def clean(self, text: str) -> str:
        """The text with a box for each character that has no glyph here; line ends stay, a tab becomes blanks.

        So for accents beyond `MOST_ACCENTS` on a letter: without a width of its own the line would never be full, and
        the time to break it grows with the square of its length.
        """
        out, accents = [], 0
        for char in text.expandtabs(4):
            accents = accents + 1 if unicodedata.combining(char) else 0
            known = char == "\n" or (ord(char) in self._known and char.isprintable() and accents <= MOST_ACCENTS)
            self.missing += not known
            out.append(char if known else BOX)
        return "".join(out)

    def plain(self, *, soft: bool = False, small: bool = False, bold: bool = False) -> None:
        """From here on, text like this."""
        self.set_font("sans", "B" if bold else "", SMALL_PT if small else TEXT_PT)
        self.set_text_color(SOFT if soft else INK)

    def heading(self, text: str, level: int) -> None:
        """A heading, also in the outline; `level` 0 is the title."""
        if self.get_y() + HEADING_ROOM_MM[level] > self.page_break_trigger:
            self.add_page()
        self.start_section(self.clean(" ".join(text.split())), level)
        self.ln(1)
        self.plain()

    def paragraph(
        self, text: str, *, soft: bool = False, small: bool = False, bold: bool = False, step: int = 0
    ) -> None:
        """A paragraph of plain text, moved in by some steps."""
        self.plain(soft=soft, small=small, bold=bold)
        self._move_in(step)
        self.multi_cell(0, LEADING_MM, self.clean(text), align="L", new_x="LMARGIN", new_y="NEXT")
        self._move_in(0)
        self.ln(GAP_MM / 2)
        self.plain()

    def runs(self, text: str, *, before: str = "", step: int = 0) -> None:
        """A paragraph of a line from the bank, with its code set as code; `before` stands before it."""
        self._move_in(step)
        if before:
            self.plain(bold=True)
            self.write(LEADING_MM, self.clean(f"{before} "))
            self.plain()
        self._inline(inline_runs(" ".join(text.split())))
        self._end()

    def link_line(self, address: str, *, before: str, step: int = 0) -> None:
        """An address that can be pressed."""
        self._move_in(step)
        self.plain(soft=True, small=True)
        self.write(LEADING_MM, f"{before} ")
        self.set_text_color(ACCENT)
        self.write(LEADING_MM, self.clean(address), link=address)
        self._end()

    def prose(self, text: str, *, by_author: bool, step: int = 0) -> None:
        """Paragraphs, lists and code of a text."""
        deep, numbers, sign = step, list[int](), ""
        for token in blocks(text, by_author=by_author):
            if token.type in ("bullet_list_open", "ordered_list_open", "blockquote_open"):
                deep += 1
                if token.type != "blockquote_open":
                    numbers.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else 0)
            elif token.type in ("bullet_list_close", "ordered_list_close", "blockquote_close"):
                deep -= 1
                if token.type != "blockquote_close":
                    numbers.pop()
            elif token.type == "list_item_open":
                sign = f"{numbers[-1]}. " if numbers[-1] else "• "
                numbers[-1] += bool(numbers[-1])
            elif token.type in ("fence", "code_block"):
                self.code(token.content, step=deep)
            elif token.type == "inline":
                self._move_in(deep)
                self.write(LEADING_MM, sign)
                sign = ""
                self._inline(token.children or (), line_end=" " if by_author else "\n")
                self._end()

    def code(self, text: str, *, step: int = 0) -> None:
        """A block of code, its blanks kept."""
        self._move_in(step)
        self.set_font("mono", "", CODE_PT)
        self.set_fill_color(PAPER)
        lines = [self.clean(line).rstrip() for line in text.rstrip("\n").split("\n")]
        kept = "\n".join("\u00a0" * (len(line) - len(line.lstrip(" "))) + line.lstrip(" ") for line in lines)
        self.multi_cell(0, LEADING_MM - 0.6, kept, align="L", fill=True, new_x="LMARGIN", new_y="NEXT")
        self._move_in(0)
        self.ln(GAP_MM / 2)
        self.plain()

    def figures(self, table: Table) -> None:
        """A table with a bar in each row that has one."""
        columns = len(table.head) - 1
        has_bars = any(row.stretches for row in table.rows)
        bar = BAR_MM + GAP_MM if has_bars else 0
        label = (self.epw - bar) * (0.5 if columns == 1 else 0.24)
        width = (self.epw - bar - label) / columns
        self.plain(soft=True, small=True)
        self._cells(Row(label=table.head[0], cells=table.head[1:]), label, bar, width)
        for row in table.rows:
            self.plain()
            self._cells(row, label, bar, width)
        if table.note:
            self.ln(GAP_MM / 2)
            self.paragraph(table.note, soft=True, small=True)
        self.ln(GAP_MM)

    def _cells(self, row: Row, label: float, bar: float, width: float) -> None:
        texts = [self.clean(text) for text in (row.label, *row.cells)]
        widths = [label, *[width] * len(row.cells)]
        height = 1 + max(self._height(wide, text) for wide, text in zip(widths, texts, strict=True))
        if self.get_y() + height > self.page_break_trigger:
            self.add_page()
        left, top = self.l_margin, self.get_y()
        self.set_draw_color(LINE)
        self.line(left, top, self.w - self.r_margin, top)
        if row.stretches:
            self._bar(row, left + label, top + (LEADING_MM + 1 - BAR_HEIGHT_MM) / 2)
        for place, (wide, text) in enumerate(zip(widths, texts, strict=True)):
            self.set_xy(left + (bar if place else 0), top + 0.5)
            self.multi_cell(wide - 1, LEADING_MM, text, align="L")
            left += wide
        self.set_xy(self.l_margin, top + height)

    def _height(self, width: float, text: str) -> float:
        found = self.multi_cell(width - 1, LEADING_MM, text, align="L", dry_run=True, output=MethodReturnValue.HEIGHT)
        return float(found) if isinstance(found, float) else LEADING_MM

    def _bar(self, row: Row, left: float, top: float) -> None:
        self.set_fill_color(LINE)
        self.rect(left, top, BAR_MM, BAR_HEIGHT_MM, style="F")
        for stretch in row.stretches:
            start, end = (
                BAR_MM * min(1.0, max(0.0, at / row.of)) if row.of else 0.0 for at in (stretch.start, stretch.end)
            )
            if end > start:
                self.set_fill_color(FILL[stretch.name])
                self.rect(left + start, top, end - start, BAR_HEIGHT_MM, style="F")

    def _inline(self, tokens: Sequence[Token], *, line_end: str = " ") -> None:
        link, bold = "", False
        for token in tokens:
            if token.type in ("softbreak", "hardbreak"):
                self.write(LEADING_MM, "\n" if token.type == "hardbreak" else line_end)
            elif token.type in ("strong_open", "strong_close"):
                bold = token.type == "strong_open"
            elif token.type in ("link_open", "link_close"):
                link = str(token.attrGet("href") or "") if token.type == "link_open" else ""
            elif token.content:
                self._run(token.content, code=token.type == "code_inline", bold=bold, link=link)

    def _run(self, text: str, *, code: bool, bold: bool, link: str) -> None:
        self.plain(bold=bold)
        if code:
            self.set_font("mono", "", TEXT_PT - 0.5)
        if link:
            self.set_text_color(ACCENT)
        self.write(LEADING_MM, self.clean(text), link=link)
        self.plain()

    def _end(self) -> None:
        self.ln(LEADING_MM)
        self._move_in(0)
        self.ln(GAP_MM / 2)
        self.plain()

    def _move_in(self, step: int) -> None:
        self.set_left_margin(MARGIN_MM + STEP_MM * min(max(step, 0), DEEPEST))
        self.set_x(self.l_margin)
