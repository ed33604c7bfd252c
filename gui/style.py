"""The Qt style sheet of the widgets that Qt draws, made from a theme's roles and a scale.

What is painted by hand (canvas, timeline, plots) asks the ``Look`` for colours itself. Widgets opt into a variant with
a dynamic property: ``role`` ("muted", "faint", "heading", "title", "badge", "warning", "error", "accent",
"mono", "key") on labels,
``kind`` ("primary", "announced", "quiet") on buttons.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from chainrule.gui.theme import MONO_FAMILY, UI_FAMILY, Theme

TEMPLATE = """
* { font-family: "@ui"; font-size: 13px; color: @text; outline: none; }
QMainWindow, QDialog, QWidget#shell { background: @window; }
QWidget#panel, QScrollArea#panel, QScrollArea#panel > QWidget > QWidget { background: @panel; }
QToolTip { background: @card; color: @text; border: 1px solid @border; padding: 4px 6px; }

QLabel { background: transparent; }
QLabel[role="muted"], QCheckBox[role="muted"] { color: @text_muted; }
QLabel[role="faint"] { color: @text_faint; }
QLabel[role="heading"] { color: @text_muted; font-size: 10px; font-weight: 600; letter-spacing: 1px; }
QLabel[role="title"] { font-size: 15px; font-weight: 600; }
QLabel[role="warning"] { color: @warning; font-size: 11px; font-weight: 500; }
QLabel#spent { background: @canvas; border-radius: 4px; padding: 1px 4px; }
QLabel[role="error"] { color: @error; }
QLabel[role="accent"] { color: @accent; }
QLabel[role="mono"], QPlainTextEdit[role="mono"], QTextEdit[role="mono"], QLineEdit[role="mono"],
QComboBox[role="mono"], QComboBox[role="mono"] QAbstractItemView { font-family: "@mono"; }
QLabel[role="key"] { color: @text_faint; font-size: 11px; }
QLineEdit#search { font-size: 12px; }

QPushButton, QToolButton { background: @button; border: 1px solid @border; border-radius: 6px; padding: 4px 10px;
    font-weight: 500; min-height: 18px; }
QPushButton:hover, QToolButton:hover { background: @button_hover; }
QPushButton:pressed, QToolButton:pressed { background: @line; }
QPushButton:focus, QToolButton:focus { border-color: @selected; }
QPushButton:disabled, QToolButton:disabled { color: @text_faint; background: @panel; }
QPushButton[kind="primary"] { background: @primary; border-color: @primary; color: @accent_text; }
QPushButton[kind="primary"]:hover { background: @primary_hover; }
QPushButton[kind="primary"]:focus { border-color: @selected; }
QPushButton[kind="announced"] { background: @warning_fill; border-color: @warning; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: @button_hover; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border-color: @selected; }

QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 0; }
QFileDialog QToolButton { padding: 3px; min-width: 20px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox { background: @field;
    border: 1px solid @border; border-radius: 5px; padding: 3px 7px; min-height: 16px;
    placeholder-text-color: @text_faint;
    selection-background-color: @primary; selection-color: @accent_text; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {
    border-color: @selected; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled { color: @text_faint; }
QLineEdit[wrong="true"] { border-color: @error; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow { image: @arrow; width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @card; border: 1px solid @border; selection-background-color: @button_hover;
    selection-color: @text; }
QCheckBox { spacing: 6px; background: transparent; }
QCheckBox::indicator { width: 13px; height: 13px; border: 1px solid @border; border-radius: 4px; background: @field; }
QCheckBox::indicator:checked { background: @selected; border-color: @selected; image: @tick; }
QCheckBox:focus { color: @text; text-decoration: underline; }

QMenuBar { background: transparent; spacing: 4px; }
QMenuBar::item { padding: 5px 10px; border-radius: 5px; color: @text_muted; background: transparent; }
QMenuBar::item:selected { background: @button_hover; color: @text; }
QMenu { background: @card; border: 1px solid @border; border-radius: 6px; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 14px; border-radius: 4px; }
QMenu::item:selected { background: @button_hover; }
QMenu::item:disabled { color: @text_faint; }
QMenu::separator { height: 1px; background: @line; margin: 5px 8px; }

QTabWidget::pane { border: none; background: @panel; }
QTabBar { background: @panel; }
QTabBar::tab { background: transparent; color: @text_muted; padding: 8px 4px 7px 4px; margin-right: 26px;
    border-bottom: 2px solid transparent; font-weight: 500; }
QTabBar::tab:first { margin-left: 16px; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:focus { color: @text; }

QSplitter::handle { background: @line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: @selected; }

QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; margin: 0; }
QScrollBar:horizontal { height: 10px; margin: 0; }
QScrollBar::handle { background: @track; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: @text_faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTreeView, QListView, QTableView { background: @panel; border: none; alternate-background-color: @field;
    selection-background-color: @button_hover; selection-color: @text; gridline-color: @line; }
QTreeView::item, QListView::item { padding: 3px 4px; border-radius: 4px; }
QTreeView::item:hover, QListView::item:hover { background: @button; }
QTreeView::item:selected, QListView::item:selected { background: @button_hover; color: @text; }
QHeaderView::section { background: @panel; color: @text_muted; border: none; padding: 4px; }

QProgressBar { background: @track; border: none; border-radius: 1px; max-height: 3px; min-height: 3px; }
QProgressBar::chunk { background: @accent; border-radius: 1px; }

QFrame#top_bar, QFrame#run_bar { background: @run_bar; border: none; border-bottom: 1px solid @line; }
QFrame#hints QLabel[role="muted"] { font-size: 12px; }
QFrame#hints QToolButton { padding: 0 4px; min-height: 16px; }
QFrame#hints { background: @field; border: none; border-bottom: 1px solid @line; }
QLabel[role="badge"] { background: @button_hover; border-radius: 8px; min-width: 16px; max-width: 16px;
    min-height: 16px; max-height: 16px; font-size: 10px; font-weight: 600; }
QFrame#separator { background: @line; border: none; }
QFrame#strip { background: @card; border: 1px solid @border; border-radius: 8px; }
QFrame#strip[role="error"] { border-color: @error; }
QFrame#code, QFrame#box { background: @field; border: 1px solid @border; border-radius: 6px; }
"""


def style_sheet(theme: Theme, scale: float = 1.0) -> str:
    """The style sheet in ``theme`` with every length times ``scale``."""

    def scaled(match: re.Match[str]) -> str:
        pixels = int(match[1])
        return f"{pixels if pixels <= 1 else max(1, round(pixels * scale))}px"

    def role(match: re.Match[str]) -> str:
        if match[1] in words:
            return words[match[1]]
        return str(getattr(theme, match[1]).name())

    words = {"ui": UI_FAMILY, "mono": MONO_FAMILY}
    for mark in ("tick", "arrow"):
        drawing = files("chainrule.assets").joinpath("themes", f"{mark}-{theme.name}.svg")
        words[mark] = f'url("{Path(str(drawing)).as_posix()}")'
    return re.sub(r"@(\w+)", role, re.sub(r"\b(\d+)px", scaled, TEMPLATE))
