import pytest

from vg1core.benchmarks import Benchmark, BenchmarkInfo
from vg1core.errors import DataError
from vg1core.metrics import Scored
from vg1core.types import TextTarget


class Riddles(Benchmark):
    info = BenchmarkInfo(name="riddles", dimension="math", verifier="exact", metric="share_right")
    tables = ("topic",)

    def to_sample(self, row, index):
        return self.sample(index, question=row["riddle"], target=TextTarget(text=row["answer"]), topic=row["topic"])


def test_a_benchmark_adds_up_to_the_mean_of_what_was_scored_with_its_tables():
    scored = [
        Scored(1.0, "correct", {"topic": "words"}),
        Scored(0.0, "no_answer", {"topic": "words"}),
        Scored(1.0, "correct", {"topic": "numbers"}),
        Scored(None, "crashed", {"topic": "numbers"}),
    ]
    summary = Riddles().summarise(scored)
    assert summary.metric == "share_right"
    assert (summary.mean.value, summary.mean.n) == (2 / 3, 3)
    assert {name: (m.value, m.n) for name, m in summary.tables["topic"].items()} == {
        "numbers": (1.0, 1), "words": (0.5, 2),
    }  # fmt: skip


def test_samples_are_named_after_the_benchmark():
    sample = Riddles().to_sample({"riddle": "What am I?", "answer": "a chart", "topic": "words"}, 3)
    assert (sample.id, sample.verifier) == ("benchmark:riddles/default/test/3", "exact")
    assert dict(sample.metadata) == {"topic": "words"}


def test_a_benchmark_reads_the_test_split_and_asks_its_official_prompt_by_default():
    assert (Riddles.info.split, Riddles.info.prompt) == ("test", "official")


def test_missing_fixture_rows_are_named():
    with pytest.raises(DataError, match=r"fixtures/riddles\.jsonl: the source ships no fixture rows"):
        Riddles.fixtures()
