"""How a kept stack is found again by the name or the folder of its example."""

import json
from pathlib import Path

import pytest

from harness import kept
from harness.errors import HarnessError
from harness.examples import example_folder
from harness.instances import Instance
from harness.kept import Kept
from harness.paths import ROOT
from harness.target import Target
from task_runner_client.progress import View


@pytest.fixture(autouse=True)
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept, "STACKS", tmp_path / "stacks")
    return tmp_path / "stacks"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / "mine"
    folder.mkdir(parents=True)
    (folder / "main.tf").touch()
    return folder


def instance(address: str, **outputs: str) -> Instance:
    return Instance(address, "mine", outputs, "tasks.zip", is_open=False, max_receive_count=4)


def on_record(stacks: Path, source: Path) -> Path:
    """Write down a server that has died since."""
    folder = stacks / source.name
    folder.mkdir(parents=True)
    (folder / "kept.json").write_text(
        json.dumps({"source": str(source), "target": "embedded", "arguments": [], "group": 2**22 + 1, "port": 1})
    )
    return folder


def test_an_example_is_a_name_or_a_folder_anywhere(mine: Path) -> None:
    assert example_folder("basic") == ROOT / "examples" / "basic"
    assert example_folder(str(mine)) == mine
    assert example_folder(f"{mine}/") == mine


@pytest.mark.parametrize("example", ["", "nope", "/no/such/folder", ".", f"{ROOT}/"])
def test_what_is_no_example_is_told_with_those_there_are(example: str) -> None:
    with pytest.raises(HarnessError, match=r"There is no example .* There are: basic, complete"):
        Kept.find(example, View.silent())


def test_what_is_not_up_is_told_with_how_to_start_it(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAKELEVEL", raising=False)
    with pytest.raises(HarnessError, match=r"mine is not up\. Start it with: .*harness up --example /"):
        Kept.need(str(mine), View.silent())


def test_another_folder_of_the_same_name_is_refused(stacks: Path, mine: Path, tmp_path: Path) -> None:
    on_record(stacks, mine)
    other = tmp_path / "other" / "mine"
    other.mkdir(parents=True)
    (other / "main.tf").touch()
    with pytest.raises(HarnessError, match=f"mine is up already, made of {mine}"):
        Kept.find(str(other), View.silent())


def test_one_whose_server_has_died_is_told_and_cleaned_away(
    stacks: Path, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = on_record(stacks, mine)
    assert Kept.find("mine", View()) is None
    assert "The embedded AWS of mine has died" in capsys.readouterr().out
    assert not folder.exists()


def test_a_stack_that_is_not_applied_yet_has_no_outputs(
    stacks: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKELEVEL", "1")
    on_record(stacks, mine)
    found = Kept(mine, None, None)  # type: ignore[arg-type] # nothing here asks for its target
    with pytest.raises(HarnessError, match=r"mine is not applied yet\. Wait for `make up EXAMPLE=mine`"):
        found.outputs()
    found.note([instance("module.a", api_id="x")])
    assert found.outputs() == {"api_id": "x"}
    assert found.instances() == [instance("module.a", api_id="x")]


def test_the_client_is_led_to_a_stack_once_it_is_applied(stacks: Path, mine: Path) -> None:
    on_record(stacks, mine)
    found = Kept(mine, Target.embedded("http://127.0.0.1:1"), None)
    assert found.client_settings() == {}
    found.note([instance("module.a", api_id="x", stage_name="v1", queue_url="http://127.0.0.1:1/0/tasks")])
    assert found.client_settings() == {
        "TASK_RUNNER_URL": "http://127.0.0.1:1/_aws/execute-api/x/v1",
        "TASK_RUNNER_QUEUE_URL": "http://127.0.0.1:1/0/tasks",
    }


def test_one_of_several_instances_is_chosen_by_its_address(stacks: Path, mine: Path) -> None:
    on_record(stacks, mine)
    found = Kept(mine, Target.embedded("http://127.0.0.1:1"), None)
    found.note([instance("module.a", api_id="1"), instance("module.b", api_id="2")])
    assert found.outputs("module.b") == {"api_id": "2"}
    with pytest.raises(HarnessError, match=r"Which instance(.|\n)*  module\.a\n  module\.b$"):
        found.client_settings()


def test_values_for_variables_are_kept_until_others_are_given(stacks: Path, mine: Path) -> None:
    on_record(stacks, mine)
    found = Kept(mine, Target.embedded("http://127.0.0.1:1"), None).given(["-var=team=a"])
    assert found.given([]).arguments == ("-var=team=a",)
    assert found.given(["-var=team=b"]).arguments == ("-var=team=b",)
    assert json.loads((stacks / "mine" / "kept.json").read_text())["arguments"] == ["-var=team=b"]
