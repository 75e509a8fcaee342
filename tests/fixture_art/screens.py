"""Desktop screenshots. Each drawing returns its elements' boxes in pixels, so that targets are exact."""

from __future__ import annotations

from fixture_art.canvas import INK, Canvas

Box = tuple[float, float, float, float]
"""Left, top, width, height."""
BLUE = "#2f6fd0"


def window(title: str) -> Canvas:
    """A desktop with one window and a task bar."""
    c = Canvas(400, 260, "#3f6f8f", "#7fa7b5")
    c.rect(0, 240, 400, 20, "#22303a")
    c.circle(14, 250, 6, "#7fb4d8")
    c.text(384, 250, "10:42", 9, "white", "rm")
    c.rect(24, 16, 352, 212, "#fbfbfc", "#8d99a3", 1, 6)
    c.rect(24, 16, 352, 22, "#dfe4e9", radius=6)
    c.text(200, 27, title, 11)
    for n, colour in enumerate(("#e0605a", "#e6b64a", "#62b85c")):
        c.circle(360 - 16 * n, 27, 5, colour)
    return c


def button(c: Canvas, box: Box, text: str, primary: bool = False) -> None:
    """A button with its text."""
    x, y, w, h = box
    c.rect(*box, BLUE if primary else "#eef0f3", None if primary else "#b4bcc6", 1, 4)
    c.text(x + w / 2, y + h / 2, text, 11, "white" if primary else INK)


def editor() -> tuple[Canvas, dict[str, Box]]:
    """A text editor with a menu, a page and three buttons."""
    c = window("Letter to Ana")
    boxes: dict[str, Box] = {}
    for n, name in enumerate(("File", "Edit", "View", "Help")):
        boxes[name] = (30 + 44 * n, 40, 40, 18)
        c.text(50 + 44 * n, 49, name, 11)
    c.line([(24, 60), (376, 60)], "#cfd5db")
    c.rect(60, 72, 280, 112, "white", "#d5dae0")
    for n, wide in enumerate((220, 244, 200, 236, 120)):
        c.rect(76, 86 + 18 * n, wide, 6, "#b9c0c9", radius=3)
    for name, x in (("Discard", 176), ("Print", 236), ("Save", 296)):
        boxes[name] = (x, 194, 56, 24)
        button(c, boxes[name], name, name == "Save")
    return c, boxes


def settings() -> tuple[Canvas, dict[str, Box]]:
    """A settings window with a list on the left and three switches."""
    c = window("Settings")
    boxes: dict[str, Box] = {}
    c.rect(25, 38, 98, 189, "#eef1f4")
    for n, name in enumerate(("Network", "Display", "Sound", "Accounts")):
        boxes[name] = (30, 46 + 30 * n, 88, 24)
        if name == "Display":
            c.rect(*boxes[name], "#d3e2f8", radius=4)
        c.text(40, 58 + 30 * n, name, 11, anchor="lm")
    for n, (name, on) in enumerate((("Night light", True), ("Auto brightness", False), ("Large text", True))):
        y = 62 + 44 * n
        c.text(146, y + 9, name, 12, anchor="lm")
        boxes[name] = (310, y, 38, 19)
        c.rect(*boxes[name], BLUE if on else "#b8bfc8", radius=9.5)
        c.circle(338 if on else 320, y + 9.5, 7, "white")
    return c, boxes


def player() -> tuple[Canvas, dict[str, Box]]:
    """A music player with a cover, a bar and round buttons without text."""
    c = window("Music")
    c.rect(60, 54, 104, 104, "#e0b45c", radius=6)
    c.circle(112, 106, 34, "#b5552f")
    c.circle(112, 106, 10, "#f4e3bd")
    c.text(190, 84, "Harbour Lights", 15, anchor="lm")
    c.text(190, 106, "Marlow & Finch", 11, "#6a737d", "lm")
    c.rect(60, 172, 280, 5, "#cfd5db", radius=2.5)
    c.rect(60, 172, 120, 5, BLUE, radius=2.5)
    boxes: dict[str, Box] = {"back": (144, 188, 28, 28), "play": (184, 184, 34, 34), "next": (230, 188, 28, 28)}
    c.circle(201, 201, 17, BLUE)
    c.polygon([(196, 193), (196, 209), (210, 201)], "white")
    for name, way in (("back", -1), ("next", 1)):
        x = boxes[name][0] + 14
        c.circle(x, 202, 14, "#e7ebef")
        for dx in (-6, 0):
            c.polygon([(x + way * dx, 197), (x + way * dx, 207), (x + way * (dx + 6), 202)], INK)
    boxes["volume"] = (306, 192, 34, 20)
    c.polygon([(308, 198), (313, 198), (320, 192), (320, 212), (313, 206), (308, 206)], INK)
    for r in (6, 11):
        c.arc(322, 202, r, -50, 50, INK, 1.6)
    return c, boxes
