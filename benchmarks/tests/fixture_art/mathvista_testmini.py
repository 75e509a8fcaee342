"""Drawings and invented questions in the schema of AI4Math/MathVista."""

from __future__ import annotations

from fixture_art.canvas import BLUE, GREEN, GREY, INK, ORANGE, PALE, RED, TEAL, WHITE, YELLOW, Canvas


def triangle():
    c = Canvas(320, 220)
    c.shape([(50, 195), (270, 195), (191, 26)], "#dbe9f4", BLUE, 3)
    for x, y, text in ((84, 181, "50°"), (242, 180, "65°"), (187, 64, "x")):
        c.text(x, y, text, 15, anchor="mm")
    return c


def shelf():
    c = Canvas(320, 200)
    c.text(160, 18, "Jars on each shelf", 14, anchor="mm")
    for n, (name, count) in enumerate((("Top", 6), ("Middle", 8), ("Bottom", 10))):
        c.text(70, 60 + 45 * n, name, 13, anchor="rm")
        for k in range(count):
            c.box(80 + 22 * k, 48 + 45 * n, 96 + 22 * k, 72 + 45 * n, (TEAL, ORANGE, RED)[n], radius=3)
    return c


def shapes():
    c = Canvas(320, 220)
    for x, y, r, colour in ((60, 60, 40, RED), (150, 50, 14, BLUE), (250, 70, 46, TEAL), (70, 165, 12, YELLOW),
                            (265, 175, 34, ORANGE)):  # fmt: skip
        c.disc(x, y, r, colour)
    c.box(140, 125, 190, 175, GREY)
    return c


def prices():
    c = Canvas(320, 160)
    for n, (name, price, colour) in enumerate((("kite", 9, RED), ("ball", 3, BLUE), ("drum", 14, GREEN))):
        x = 60 + 100 * n
        c.box(x - 40, 20, x + 40, 100, PALE, radius=8)
        if name == "kite":
            c.shape([(x, 28), (x + 22, 56), (x, 92), (x - 22, 56)], colour)
        elif name == "ball":
            c.disc(x, 60, 26, colour)
        else:
            c.box(x - 24, 40, x + 24, 84, colour)
            c.pen.ellipse([3 * v for v in (x - 24, 30, x + 24, 50)], WHITE, colour, 6)
        c.text(x, 118, name, 13, anchor="mm")
        c.text(x, 138, f"${price}.00", 13, TEAL, "mm")
    return c


def plants():
    c = Canvas(320, 240)
    for cm in range(0, 21, 5):
        c.line([(44, 210 - 9 * cm), (300, 210 - 9 * cm)], PALE)
        c.text(38, 210 - 9 * cm, str(cm), 11, GREY, "rm")
    c.text(8, 14, "Height in cm", 11, GREY)
    for n, height in enumerate((12, 19, 10)):
        x, y = 90 + 80 * n, 210 - 9 * height
        c.line([(x, 210), (x, y)], GREEN, 4)
        for leaf in range(2, height, 4):
            side = 14 if leaf % 8 == 2 else -14
            c.shape([(x, 212 - 9 * leaf), (x + side, 202 - 9 * leaf), (x, 200 - 9 * leaf)], GREEN)
        c.disc(x, y, 7, RED)
        c.text(x, y - 18, str(height), 12, anchor="mm")
        c.text(x, 224, "ABC"[n], 13, anchor="mm")
    return c


def table():
    c = Canvas(300, 170)
    rows = [("seeds", "price per bag"), ("cress", "$0.85"), ("radish", "$1.60"), ("sunflower", "$2.45")]
    for n, (left, right) in enumerate(rows):
        c.box(20, 15 + 35 * n, 280, 50 + 35 * n, TEAL if n == 0 else (WHITE, PALE)[n % 2], GREY)
        c.text(34, 32 + 35 * n, left, 14, WHITE if n == 0 else INK)
        c.text(266, 32 + 35 * n, right, 14, WHITE if n == 0 else INK, "rm")
    return c


def dice():
    c = Canvas(320, 130)
    spots = {2: (0, 8), 3: (0, 4, 8), 5: (0, 2, 4, 6, 8)}
    for n, (number, colour) in enumerate(((3, RED), (5, BLUE), (2, GREEN))):
        x = 30 + 95 * n
        c.box(x, 30, x + 70, 100, colour, radius=12)
        for spot in spots[number]:
            c.disc(x + 17 + 18 * (spot % 3), 47 + 18 * (spot // 3), 6, WHITE)
    return c


def fan():
    c = Canvas(300, 210)
    c.shape([(150, 25), (30, 185), (270, 185)], None, INK, 3)
    c.line([(150, 25), (110, 185)], INK, 3)
    c.line([(150, 25), (195, 185)], INK, 3)
    return c


HINTS = {
    "text": "Please answer the question and provide the correct option letter, e.g., A, B, C, D, at the end.",
    "integer": "Please answer the question requiring an integer answer and provide the final value, e.g., 1, 2, 3, "
    "at the end.",
    "float1": "Please answer the question requiring a floating-point number with one decimal place and provide the "
    "final value, e.g., 1.2, 1.3, 1.4, at the end.",
    "float2": "Please answer the question requiring a floating-point number with two decimal places and provide the "
    "final value, e.g., 1.23, 1.34, 1.45, at the end.",
    "list": "Please answer the question requiring a Python list as an answer and provide the final list, e.g., "
    "[1, 2, 3], [1.2, 1.3, 1.4], at the end.",
}


def rows():
    geometry, words, figure = "geometry problem solving", "math word problem", "figure question answering"
    counting, school, daily = "visual question answering", "high school", "daily life"
    arithmetic, statistics = "arithmetic reasoning", "statistical reasoning"
    asked = [  # picture, question, choices, unit, precision, answer, answer_type, task, context, grade, skills
        (triangle, "What is the size of the angle x?", ["55°", "65°", "75°", "80°"], None, None, "65°", "text",
         geometry, "geometry diagram", school, ["geometry reasoning"]),
        (shelf, "How many jars are there in all?", ["14", "18", "24", "24"], None, None, "24", "text",
         words, "abstract scene", "elementary school", [arithmetic]),
        (shapes, "How many circles are wider than the grey square?", None, None, None, "3", "integer",
         counting, "synthetic scene", daily, ["numeric commonsense"]),
        (prices, "How much do the kite and the ball cost together?", None, "$", None, "12", "integer",
         words, "abstract scene", "elementary school", [arithmetic, "numeric commonsense"]),
        (plants, "What is the mean height of the three plants?", None, "cm", 1.0, "13.7", "float",
         figure, "scientific figure", school, [arithmetic, statistics]),
        (table, "What is the difference in price between sunflower and radish?", None, "$", 2.0, "0.85", "float",
         words, "table", "elementary school", [arithmetic]),
        (dice, "Which numbers do the dice show, from left to right?", None, None, None, "[3, 5, 2]", "list",
         counting, "synthetic scene", daily, ["numeric commonsense"]),
        (fan, "图中一共有多少个三角形？", ["3", "4", "5", "6"], None, None, "6", "text",
         geometry, "geometry diagram", "elementary school", ["geometry reasoning", "logical reasoning"]),
    ]  # fmt: skip
    for n, (draw, question, choices, unit, precision, answer, kind, task, context, grade, skills) in enumerate(
        asked, 1
    ):
        width, height = draw().size
        query = f"Hint: {HINTS[kind + (f'{precision:.0f}' if precision else '')]}\nQuestion: {question}"
        query += f" (Unit: {unit})" if unit else ""
        query += "\nChoices:" + "".join(f"\n({'ABCD'[k]}) {c}" for k, c in enumerate(choices)) if choices else ""
        yield draw.__name__, draw, "decoded_image", {
            "pid": str(n), "question": question, "image": f"images/{n}.jpg", "choices": choices, "unit": unit,
            "precision": precision, "answer": answer, "question_type": "multi_choice" if choices else "free_form",
            "answer_type": kind, "query": query, "metadata": {
                "category": "math-targeted-vqa" if task != counting else "general-vqa", "context": context,
                "grade": grade, "img_height": height, "img_width": width,
                "language": "english" if question.isascii() else "chinese", "skills": skills, "source": "fixture",
                "split": "testmini", "task": task,
            },
        }  # fmt: skip
