"""Make the fixture rows of the dataset plugins: a JSONL file in the upstream schema, and its pictures.

    python tests/draw_fixtures.py [ROOT]

Every question is invented and every picture drawn here (`fixture_art`); nothing comes from the datasets
themselves. The result is the same, byte for byte, on every run with the same Pillow.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fixture_art import anatomy, charts, figures, scenes, science, screens
from fixture_art.canvas import Canvas

Drawn = dict[str, Canvas]
"""File name → picture."""
Rows = list[dict[str, Any]]


def chartqa() -> tuple[Drawn, Rows]:
    """A value, a name, a year, a percentage, two years as a list, and a question with two right wordings."""
    years = {str(year): n for year, n in zip(range(2012, 2020), (12, 17, 24, 31, 29, 44, 38, 35), strict=True)}
    cups = {"Tea": [14, 22, 9], "Coffee": [17, 12, 19]}
    shares = {"Walk": 42, "Bus": 31, "Bicycle": 17, "Car": 10}
    drawn = {
        "shops.png": charts.columns("Bicycles sold", {"North": 34, "East": 21, "South": 48, "West": 27}, 50, 10),
        "visitors.png": charts.line("Visitors of the Pinewood museum (thousands)", years, 50, 10),
        "school.png": charts.pie("Ways to school", shares),
        "drinks.png": charts.grouped("Cups per day", ["Mon", "Tue", "Wed"], cups, 24),
    }  # fmt: skip
    asked = [
        ("shops.png", "How many bicycles did the South shop sell?", ["48"], 0),
        ("shops.png", "Which shop sold the fewest bicycles?", ["East"], 1),
        ("visitors.png", "In which year did the museum have most visitors?", ["2017"], 0),
        ("visitors.png", "In which two years were there fewer than 20 thousand visitors?", ["[2012, 2013]"], 0),
        ("school.png", "What share of the pupils comes by bicycle?", ["17%"], 1),
        ("drinks.png", "On which day was more tea drunk than coffee?", ["Tue", "Tuesday"], 0),
    ]
    names = ("image", "query", "label", "human_or_machine")
    return drawn, [dict(zip(names, (f"images/chartqa/{row[0]}", *row[1:]), strict=True)) for row in asked]


def geometry3k() -> tuple[Drawn, Rows]:
    """Whole numbers, a root and a fraction; the last row lacks the columns that older revisions lack."""
    drawn = {
        "hypotenuse.png": figures.right_triangle(("9", "12"), "x"),
        "root.png": figures.thirty_sixty(),
        "parallels.png": figures.transversal(),
        "circle.png": figures.inscribed(),
        "fraction.png": figures.parallel_cut(),
    }
    asked: list[tuple[str, str, list[str], str]] = [
        ("hypotenuse.png", "Find x.", ["13", "15", "18", "21"], "B"),
        ("root.png", "Find x.", ["4", r"4 \sqrt { 2 }", r"4 \sqrt { 3 }", r"8 \sqrt { 3 }"], "C"),
        ("parallels.png", "Find y.", ["25", "65", "90", "115"], "D"),
        ("circle.png", "Find x.", ["80", "40", "100", "140"], "A"),
        ("fraction.png", r"If D E \parallel B C, find x.", ["2", "8", r"\frac { 9 } { 2 }", "5"], "C"),
    ]
    rows: Rows = []
    for n, (name, problem, choices, letter) in enumerate(asked):
        row = {
            "images": [f"images/geometry3k/{name}"],
            "problem": f"<image>{problem}",
            "answer": choices["ABCD".index(letter)],
        }
        newer = {"id": 101 + 7 * n, "choices": choices, "ground_truth": letter}
        rows.append(row if name == "fraction.png" else row | newer)
    return drawn, rows


def cauldron(name: str, source: str, *rows: tuple[list[str], list[tuple[str, str]]]) -> Rows:
    """Rows in the Cauldron's layout from pictures and (user, assistant) turns."""
    return [
        {
            "images": [f"images/{name}/{picture}" for picture in pictures],
            "texts": [{"user": user, "assistant": assistant, "source": source} for user, assistant in turns],
        }
        for pictures, turns in rows
    ]


def vsr() -> tuple[Drawn, Rows]:
    """One to three turns to a row."""
    drawn = {
        "room.jpg": scenes.cat_under_table(),
        "street.jpg": scenes.bus_and_tree(),
        "park.jpg": scenes.dog_behind_bench(),
        "sea.jpg": scenes.boat_and_lighthouse(),
    }

    def ask(caption: str, answer: str) -> tuple[str, str]:
        return f'Is the statement "{caption}" accurate regarding the image?\nAnswer yes or no.', answer

    return drawn, cauldron(
        "vsr", "VSR",
        (["room.jpg"], [ask("The cat is under the table.", "Yes."), ask("The cup is under the table.", "No.")]),
        (["street.jpg"], [ask("The bus is left of the tree.", "Yes.")]),
        (["park.jpg"], [ask("The dog is in front of the bench.", "No."), ask("The bird is above the bench.", "Yes."),
                        ask("The dog is behind the bench.", "Yes.")]),
        (["sea.jpg"], [('Verify the accuracy of this image caption: "The boat is right of the lighthouse.".\n'
                        "Answer yes or no.", "No.")]),
    )  # fmt: skip


def nlvr2() -> tuple[Drawn, Rows]:
    """Two pictures to a row, left and right, one or two turns."""
    red, blue, green, yellow = "#c8453f", "#3f73b8", "#4f9a56", "#d9ac3a"
    drawn = {
        "apples-left.jpg": scenes.apples((78, 90), (122, 92)),
        "apples-right.jpg": scenes.apples((66, 86), (104, 104), (136, 84)),
        "pet-left.jpg": scenes.pet("dog", "#a9743f"),
        "pet-right.jpg": scenes.pet("cat", "#5c5c66"),
        "balloons-left.jpg": scenes.balloons(red, blue, green),
        "balloons-right.jpg": scenes.balloons(yellow, green),
        "cups-left.jpg": scenes.cups(blue, red),
        "cups-right.jpg": scenes.cups(red, red, blue),
    }

    def ask(sentence: str, answer: str) -> tuple[str, str]:
        prefix = "The first image is the image on the left, the second image is the image on the right."
        return f'{prefix} Considering the images on both sides, is "{sentence}" valid? Answer yes or no.', answer

    return drawn, cauldron(
        "nlvr2", "NLVR2",
        (["apples-left.jpg", "apples-right.jpg"],
         [ask("There are exactly five apples in total.", "Yes."),
          ask("The left image shows more apples than the right one.", "No.")]),
        (["pet-left.jpg", "pet-right.jpg"], [ask("Both images show a dog.", "No.")]),
        (["balloons-left.jpg", "balloons-right.jpg"], [ask("A green balloon is in each image.", "Yes.")]),
        (["cups-left.jpg", "cups-right.jpg"], [ask("The left image holds no blue cup.", "No.")]),
    )  # fmt: skip


def showui_desktop() -> tuple[Drawn, Rows]:
    """Names, looks and purposes of elements; then a box without an area and one that leaves the screen."""
    shots = {"editor": screens.editor(), "settings": screens.settings(), "player": screens.player()}
    asked = [  # screenshot, text, element, its type, what is wrong with its box
        ("editor", "Save", "Save", "text", ""),
        ("editor", "Throw the changes away", "Discard", "text", ""),
        ("settings", "the switch that is off", "Auto brightness", "icon", ""),
        ("player", "the round blue button", "play", "icon", ""),
        ("settings", "Sound", "Sound", "text", "flat"),
        ("player", "speaker symbol", "volume", "icon", "outside"),
    ]
    rows: Rows = []
    for shot, instruction, element, kind, wrong in asked:
        canvas, boxes = shots[shot]
        x, y, w, h = boxes[element]
        right = {"flat": x, "outside": canvas.width * 1.02}.get(wrong, x + w)
        edges = (x / canvas.width, y / canvas.height, right / canvas.width, (y + h) / canvas.height)
        bbox = [round(edge, 4) for edge in edges]
        point = [round((bbox[0] + bbox[2]) / 2, 2), round((bbox[1] + bbox[3]) / 2, 2)]
        rows.append({
            "image_url": f"{shot}.png", "image": f"images/showui_desktop/{shot}.png",
            "instruction": instruction, "bbox": bbox, "point": point, "type": kind,
        })  # fmt: skip
    return {f"{name}.png": canvas for name, (canvas, _) in shots.items()}, rows


def vqa_rad() -> tuple[Drawn, Rows]:
    """Closed and short open questions; then an answer with several things and one that is too long."""
    drawn = {
        "chest.png": anatomy.chest(),
        "nodule.png": anatomy.chest(nodule=True),
        "head.png": anatomy.head(),
        "lesion.png": anatomy.head(lesion=True),
    }
    asked = [
        ("chest.png", "is the heart enlarged?", "no"),
        ("nodule.png", "Is there a nodule in the lung?", "Yes"),
        ("nodule.png", "where is the nodule located?", "right upper lobe"),
        ("head.png", "are both ventricles of the same size?", "yes"),
        ("lesion.png", "what is the shape of the bright lesion?", "Biconvex"),
        ("lesion.png", "what does the lesion cause?", "midline shift, compressed ventricle"),
        ("lesion.png", "how does the lesion change the midline?", "it is pushed towards the other side"),
    ]
    return drawn, [{"image": f"images/vqa_rad/{name}", "question": q, "answer": a} for name, q, a in asked]


def aokvqa() -> tuple[Drawn, Rows]:
    """Four options each; the third row lacks the columns that are not read, the last one has no answer."""
    drawn = {
        "rain.jpg": scenes.rain(),
        "birthday.jpg": scenes.birthday(),
        "winter.jpg": scenes.winter(),
        "beach.jpg": scenes.beach(),
    }
    asked: list[tuple[str, str, list[str], int | None, str]] = [
        ("rain.jpg", "Why does the person hold an umbrella?", ["sun", "rain", "wind", "fashion"], 1, "It is raining."),
        ("birthday.jpg", "How old is the person whose day this is?", ["three", "four", "five", "six"], 2,
         "Five candles burn on the cake."),
        ("winter.jpg", "What will happen to the figure when it gets warm?", ["grow", "melt", "burn", "fly"], 1, ""),
        ("beach.jpg", "When was this photo taken?", ["noon", "night", "morning", "evening"], 3,
         "The sun stands low over the sea."),
        ("beach.jpg", "What is the red and white thing for?", ["shade", "sailing", "fishing", "heat"], None, ""),
    ]  # fmt: skip
    rows: Rows = []
    for n, (name, question, choices, index, rationale) in enumerate(asked):
        row: dict[str, Any] = {
            "image": f"images/aokvqa/{name}", "question_id": f"vg1Fixture{n:012d}", "question": question,
            "choices": choices, "correct_choice_idx": index,
        }  # fmt: skip
        if name != "winter.jpg":
            direct = [] if index is None else [choices[index]] * 10
            row |= {"direct_answers": str(direct), "difficult_direct_answer": False,
                    "rationales": [rationale] if rationale else []}  # fmt: skip
        rows.append(row)
    return drawn, rows


def scienceqa() -> tuple[Drawn, Rows]:
    """Two to four options, with and without a hint; the last row has no picture."""
    drawn = {
        "states.png": science.states(),
        "magnets.png": science.magnets(),
        "pond.png": science.food_chain("algae", "tadpole", "perch", "heron"),
        "island.png": science.island(),
    }
    asked: list[tuple[str | None, str, list[str], int, str, tuple[str, str, str, str, str]]] = [
        ("states.png", "Which beaker holds a gas?", ["A", "B", "C"], 2, "Each ball stands for one particle.",
         ("grade4", "natural science", "chemistry", "States of matter", "Tell solids, liquids and gases apart")),
        ("magnets.png", "Will these magnets attract or repel each other?", ["attract", "repel"], 0,
         "Two magnets are placed as shown.",
         ("grade5", "natural science", "physics", "Magnets", "Predict whether magnets attract or repel")),
        ("pond.png", "What eats the tadpole in this food chain?", ["heron", "perch", "algae", "none of them"], 1, "",
         ("grade3", "natural science", "biology", "Ecosystems", "Read a food chain")),
        ("island.png", "Which town lies farthest south?", ["Alder", "Birch", "Cedar", "Dogwood"], 3, "",
         ("grade2", "social science", "geography", "Maps", "Use the points of the compass")),
        (None, "Which word is a noun?", ["river", "quickly"], 0, "",
         ("grade2", "language science", "grammar", "Nouns", "Find the nouns")),
    ]  # fmt: skip
    rows: Rows = []
    for name, question, choices, answer, hint, (grade, subject, topic, category, skill) in asked:
        rows.append({
            "image": name and f"images/scienceqa/{name}", "question": question, "choices": choices, "answer": answer,
            "hint": hint, "task": "closed choice", "grade": grade, "subject": subject, "topic": topic,
            "category": category, "skill": skill, "lecture": "", "solution": f"The answer is {choices[answer]}.",
        })  # fmt: skip
    return drawn, rows


MAKERS: dict[Callable[[], tuple[Drawn, Rows]], str] = {
    chartqa: "infographic", geometry3k: "math", vsr: "spatial", nlvr2: "cross-image", showui_desktop: "gui",
    vqa_rad: "medical", aokvqa: "common-sense", scienceqa: "science",
}  # fmt: skip
"""Function of a dataset, named like it → folder of its distribution."""


def write(root: Path) -> Iterator[Path]:
    """Write every dataset's rows and pictures below `root`; yields the JSONL files."""
    for make, folder in MAKERS.items():
        name = make.__name__
        fixtures = root / "plugins" / folder / "src" / f"vg1_plugin_{folder.replace('-', '_')}" / "fixtures"
        drawn, rows = make()
        for file, canvas in drawn.items():
            canvas.save(fixtures / "images" / name / file)
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (fixtures / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        yield fixtures / f"{name}.jsonl"


if __name__ == "__main__":
    for path in write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent):
        print(path)
