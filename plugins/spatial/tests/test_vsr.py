"""VSR through the Cauldron's reader."""

from vg1_plugin_spatial.vsr import VSR


def test_turns_become_samples_and_instructions_go():
    samples = list(VSR().samples("fixtures"))
    assert [sample.id.rpartition("/")[2] for sample in samples] == ["0#0", "0#1", "1#0", "2#0", "2#1", "2#2", "3#0"]
    assert [sample.target.text for sample in samples] == ["yes", "no", "yes", "no", "yes", "yes", "no"]
    assert not any("Answer yes or no" in sample.question for sample in samples)
    assert samples[0].question == 'Is the statement "The cat is under the table." accurate regarding the image?'


def test_samples_of_one_picture_share_their_group():
    groups = [sample.metadata["group"] for sample in VSR().samples("fixtures")]
    assert groups[0] == groups[1] != groups[2]
    assert len(set(groups)) == 4


def test_the_hub_needs_the_config():
    assert VSR.info.config == "vsr"
