"""Charts and invented questions in the schema of lmms-lab/ChartQA."""

from __future__ import annotations

from fixture_art.canvas import BLUE, GREEN, GREY, ORANGE, PALE, RED, TEAL, WHITE, YELLOW, Canvas


def bars():
    c = Canvas(400, 280)
    c.text(200, 20, "Bicycles sold in Lower Fenwick", 15, anchor="mm")
    sold = {"Jan": (18, BLUE), "Feb": (12, TEAL), "Mar": (27, YELLOW), "Apr": (34, ORANGE), "May": (52, RED)}
    for step in range(0, 61, 20):
        c.line([(50, 240 - step * 3), (380, 240 - step * 3)], PALE)
        c.text(42, 240 - step * 3, str(step), 11, GREY, "rm")
    for n, (month, (count, colour)) in enumerate(sold.items()):
        x = 70 + 62 * n
        c.box(x, 240 - 3 * count, x + 40, 240, colour)
        c.text(x + 20, 230 - 3 * count, str(count), 12, anchor="mm")
        c.text(x + 20, 256, month, 12, anchor="mm")
    return c


def lines():
    c = Canvas(420, 280)
    c.text(210, 20, "Ferry passengers (thousands)", 15, anchor="mm")
    for step in range(0, 81, 20):
        c.line([(50, 230 - step * 2.3), (400, 230 - step * 2.3)], PALE)
        c.text(42, 230 - step * 2.3, str(step), 11, GREY, "rm")
    for n in range(6):
        c.text(70 + 62 * n, 246, str(2018 + n), 11, anchor="mm")
    harbours = {"Northport": (TEAL, (25, 40, 52, 71, 60, 55)), "Gull Bay": (ORANGE, (35, 40, 44, 50, 60, 66))}
    for m, (name, (colour, counts)) in enumerate(harbours.items()):
        points = [(70 + 62 * n, 230 - 2.3 * count) for n, count in enumerate(counts)]
        c.line(points, colour, 2)
        for x, y in points:
            c.disc(x, y, 4, colour)
        c.box(110 + 120 * m, 262, 122 + 120 * m, 274, colour)
        c.text(128 + 120 * m, 268, name, 12)
    return c


def pie():
    c = Canvas(360, 260)
    c.text(180, 20, "How households heat", 15, anchor="mm")
    start = -90.0
    for n, (name, share, colour) in enumerate(
        (("Gas", 49, BLUE), ("Wood", 28, ORANGE), ("Heat pump", 15, GREEN), ("Oil", 8, RED))
    ):
        end = start + 3.6 * share
        c.pen.pieslice([3 * v for v in (30, 50, 220, 240)], start, end, colour, WHITE, 6)
        c.box(245, 90 + 30 * n, 259, 104 + 30 * n, colour)
        c.text(266, 97 + 30 * n, f"{name} {share}%", 12)
        start = end
    return c


def drinks():
    c = Canvas(400, 220)
    c.text(200, 18, "Favourite drink, people asked", 15, anchor="mm")
    for n, (name, count) in enumerate((("Coffee", 1480), ("Tea", 1250), ("Cocoa", 610), ("None", 240))):
        c.text(78, 60 + 42 * n, name, 12, anchor="rm")
        c.box(86, 46 + 42 * n, 86 + count * 0.16, 74 + 42 * n, BLUE)
        c.text(94 + count * 0.16, 60 + 42 * n, f"{count:,}", 12)
    return c


def rows():
    asked = [
        ("human_test", bars, "What is the value of the orange bar?", "34"),
        ("human_test", bars, "Is the sum of the two smallest bars greater than the largest bar?", "No"),
        ("human_test", lines, "Which color represents Northport?", "teal"),
        ("human_test", lines, "In which two years did both harbours carry equally many?", "[2019, 2022]"),
        ("human_test", pie, "What is the ratio of gas to wood?", "1.75"),
        ("augmented_test", pie, "What share of households heats with wood?", "28%"),
        ("augmented_test", lines, "In what year did Northport have the most passengers?", "2021"),
        ("augmented_test", drinks, "What was the most popular drink?", "Coffee"),
    ]
    for half, draw, question, answer in asked:
        yield draw.__name__, draw, "image", {"type": half, "question": question, "answer": answer}
