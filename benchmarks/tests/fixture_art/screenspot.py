"""Invented screens and instructions in the schema of rootsautomation/ScreenSpot.

Every drawing function fills in where its elements ended up, so that the boxes are exact.
"""

from __future__ import annotations

from fixture_art.canvas import BLUE, GREEN, GREY, INK, ORANGE, PALE, RED, TEAL, WHITE, YELLOW, Canvas


def settings(places):
    c = Canvas(270, 480, PALE)
    c.text(14, 14, "9:41", 11)
    c.text(135, 44, "Settings", 18, anchor="mm")
    for n, (name, colour) in enumerate((("Flight mode", ORANGE), ("Wi-Fi", BLUE), ("Sounds", RED), ("Screen", TEAL),
                                        ("Privacy", GREEN), ("Battery", YELLOW))):  # fmt: skip
        y = 76 + 58 * n
        places[name] = c.box(10, y, 260, y + 48, WHITE, radius=8)
        c.box(22, y + 12, 46, y + 36, colour, radius=6)
        c.text(58, y + 24, name, 14)
        if n == 0:
            c.box(208, y + 13, 246, y + 35, GREY, radius=11)
            c.disc(219, y + 24, 9, WHITE)
        else:
            c.line([(240, y + 18), (246, y + 24), (240, y + 30)], GREY, 2)
    return c


def player(places):
    c = Canvas(270, 480, INK)
    c.text(135, 30, "Now playing", 13, GREY, "mm")
    c.box(35, 60, 235, 260, TEAL, radius=10)
    c.disc(135, 160, 62, YELLOW)
    c.disc(135, 160, 12, TEAL)
    c.text(135, 290, "Slow Harbour", 18, WHITE, "mm")
    c.text(135, 314, "The Lantern Keepers", 12, GREY, "mm")
    c.line([(35, 345), (235, 345)], GREY, 3)
    c.line([(35, 345), (110, 345)], ORANGE, 3)
    c.disc(110, 345, 6, ORANGE)
    places["pause"] = c.disc(135, 400, 28, WHITE)
    c.box(125, 388, 131, 412, INK)
    c.box(139, 388, 145, 412, INK)
    for name, x, turn in (("previous", 62, -1), ("next", 208, 1)):
        places[name] = [x - 16, 384, x + 16, 416]
        c.shape([(x - 11 * turn, 388), (x + 8 * turn, 400), (x - 11 * turn, 412)], WHITE)
        c.box(x + 7 * turn - 2, 388, x + 7 * turn + 2, 412, WHITE)
    return c


def window(width, height, title):
    c = Canvas(width, height, "#c9d6df")
    c.box(8, 8, width - 8, height - 8, WHITE, GREY, 8)
    c.box(9, 9, width - 9, 34, PALE, radius=8)
    c.text(width / 2, 22, title, 12, anchor="mm")
    return c


def editor(places):
    c = window(480, 300, "letter.txt")
    for n, colour in enumerate((RED, YELLOW, GREEN)):
        c.disc(24 + 18 * n, 22, 6, colour)
    for n, name in enumerate(("B", "I", "U", "left", "centre", "right")):
        x = 24 + 40 * n
        places[name] = c.box(x, 42, x + 32, 68, PALE, radius=4)
        if len(name) == 1:
            c.text(x + 16, 55, name, 15, anchor="mm")
            if name == "B":
                c.text(x + 17, 55, name, 15, anchor="mm")
            continue
        for k, length in enumerate((18, 10, 16)):
            start = {"left": x + 7, "centre": x + 16 - length / 2, "right": x + 25 - length}[name]
            c.line([(start, 49 + 6 * k), (start + length, 49 + 6 * k)], INK)
    for n, text in enumerate(("Dear Ada,", "the boat leaves on Friday at nine.", "Bring the blue bag.")):
        c.text(28, 96 + 24 * n, text, 14)
    return c


def dialog(places):
    c = window(480, 300, "Notes")
    c.box(90, 80, 390, 230, WHITE, GREY, 8)
    c.text(240, 115, "Save your changes first?", 16, anchor="mm")
    c.text(240, 142, "The note was edited a minute ago.", 12, GREY, "mm")
    for n, (name, colour) in enumerate((("Save", BLUE), ("Discard", WHITE), ("Cancel", WHITE))):
        x = 106 + 92 * n
        places[name] = c.box(x, 180, x + 82, 212, colour, GREY, 5)
        c.text(x + 41, 196, name, 13, WHITE if colour == BLUE else INK, "mm")
    return c


def store(places):
    c = window(480, 300, "App store")
    for n, (name, colour) in enumerate((("Chess Club", INK), ("Rain Radar", BLUE), ("Bird Guide", GREEN))):
        y = 52 + 78 * n
        c.box(28, y, 84, y + 56, colour, radius=10)
        c.disc(56, y + 28, 13, WHITE)
        c.text(100, y + 18, name, 15)
        c.text(100, y + 40, f"{4.1 + n / 5:.1f} stars", 12, GREY)
        places[name] = c.box(370, y + 12, 446, y + 42, TEAL, radius=15)
        c.text(408, y + 27, "Install", 13, WHITE, "mm")
    return c


def shop(places):
    c = Canvas(480, 320)
    c.box(0, 0, 480, 44, TEAL)
    c.text(16, 22, "Lamp & Co", 17, WHITE)
    c.box(150, 10, 390, 34, WHITE, radius=12)
    c.text(162, 22, "Search lamps", 12, GREY)
    places["cart"] = [428, 8, 462, 38]
    c.line([(431, 12), (437, 12), (442, 28), (458, 28), (461, 17), (439, 17)], WHITE, 2)
    c.disc(444, 33, 3, WHITE)
    c.disc(456, 33, 3, WHITE)
    for n, (name, price, colour) in enumerate((("Desk lamp", 24, ORANGE), ("Floor lamp", 61, BLUE),
                                               ("Lantern", 18, RED))):  # fmt: skip
        x = 18 + 154 * n
        c.box(x, 60, x + 136, 306, WHITE, GREY, 6)
        c.shape([(x + 48, 82), (x + 88, 82), (x + 104, 130), (x + 32, 130)], colour)
        c.line([(x + 68, 130), (x + 68, 180)], INK, 3)
        c.box(x + 44, 180, x + 92, 188, INK, radius=3)
        c.text(x + 68, 214, name, 14, anchor="mm")
        c.text(x + 68, 238, f"${price}", 13, TEAL, "mm")
        places[name] = c.box(x + 18, 258, x + 118, 290, YELLOW, radius=6)
        c.text(x + 68, 274, "Add to cart", 13, anchor="mm")
    return c


def forum(places):
    c = Canvas(480, 320, PALE)
    c.box(0, 0, 480, 40, INK)
    c.text(16, 20, "Garden talk", 16, WHITE)
    for n, text in enumerate(("How do I keep slugs off my beans?", "First tomatoes of the year", "Which rake?")):
        y = 54 + 84 * n
        c.box(16, y, 464, y + 72, WHITE, radius=6)
        places[f"up {n}"] = [26, y + 8, 54, y + 30]
        c.shape([(40, y + 10), (52, y + 28), (28, y + 28)], GREY)
        c.text(40, y + 40, str(41 - 13 * n), 12, anchor="mm")
        c.shape([(40, y + 66), (52, y + 50), (28, y + 50)], GREY)
        c.text(72, y + 22, text, 15)
        places[f"replies {n}"] = c.text(72, y + 52, f"{7 + n} replies", 12, BLUE)
    return c


def rows():
    asked = [
        ("mobile_settings", settings, "Privacy", "open the privacy settings", "text", "ios"),
        ("mobile_player", player, "next", "skip to the next song", "icon", "android"),
        ("pc_editor", editor, "B", "make the text bold", "icon", "macos"),
        ("pc_dialog", dialog, "Discard", "throw the changes away", "text", "windows"),
        ("pc_store", store, "Rain Radar", "install the rain radar", "text", "shop"),
        ("web_shop", shop, "Floor lamp", "add the floor lamp to the cart", "text", "shop"),
        ("web_shop", shop, "cart", "look into the cart", "icon", "shop"),
        ("web_forum", forum, "up 1", "vote for the post about tomatoes", "icon", "forum"),
    ]
    for name, screen, element, instruction, kind, source in asked:
        places = {}
        width, height = screen(places).size
        left, top, right, bottom = places[element]
        box = [round(value, 4) for value in (left / width, top / height, right / width, bottom / height)]
        row = {"file_name": f"{name}.png", "bbox": box, "instruction": instruction, "data_type": kind}
        yield name, lambda screen=screen: screen({}), "image", {**row, "data_source": source}
