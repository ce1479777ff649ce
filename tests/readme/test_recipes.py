"""The recipes of the README, each run as far as that can be done without whom they are for."""

import re
import shlex
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from junitparser import JUnitXml

from readme.readme import README, blocks, run

ROOT: Final = README.parent
ACTION: Final = ROOT / ".github/actions/check/action.yml"


def recipe(kind: str) -> Any:
    """Return the one block of that kind, read as YAML."""
    (text,) = blocks(f"yaml {kind}")
    return yaml.safe_load(text)


@pytest.fixture
def place(tmp_path: Path, lab_url: str) -> Path:
    """A folder with the list that the recipes speak of: its second line is not up."""
    (tmp_path / "urls.txt").write_text(f"{lab_url}/ok\n{lab_url}/status/404 retries=0\n")
    return tmp_path


def test_the_action_is_called_with_inputs_that_it_has() -> None:
    action = yaml.safe_load(ACTION.read_text())
    (step,) = (one for one in recipe("github")["jobs"]["urls"]["steps"] if "/actions/check@" in one["uses"])
    assert set(step["with"]) <= set(action["inputs"])


def runner(place: Path, environment: dict[str, str], **inputs: str) -> dict[str, str]:
    """Return the variables that a step of the action has, its own `allup` installed where it looks for it."""
    installed = place / "temp/allup/bin"
    installed.mkdir(parents=True)
    (installed / "allup").symlink_to(Path(environment["PATH"].split(":")[0]) / "allup")
    steps = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    given = {name: inputs[value[len("${{ inputs.") : -len(" }}")]] for name, value in steps[-1]["env"].items()}
    return (
        environment
        | given
        | {
            "RUNNER_TEMP": str(place / "temp"),
            "GITHUB_OUTPUT": str(place / "output"),
            "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
            "GITHUB_WORKSPACE": str(place),
        }
    )


def test_the_action_annotates_the_list_and_writes_the_summary(place: Path, shell_environment: dict[str, str]) -> None:
    (step,) = (one for one in recipe("github")["jobs"]["urls"]["steps"] if "/actions/check@" in one["uses"])
    environment = runner(place, shell_environment, **step["with"])
    script = yaml.safe_load(ACTION.read_text())["runs"]["steps"][-1]["run"]

    ran = run(f"set -eo pipefail\n{script}", place, environment)

    assert ran.returncode == 1, ran.stderr
    assert "::error file=urls.txt,line=2,title=failed%3A 404::" in ran.stdout
    assert (place / "output").read_text() == "exit-code=1\n"
    assert "| failed | 404 |" in (place / "summary.md").read_text()
    assert (place / "allup.json").exists()


def test_inputs_of_the_action_are_nobody_s_code(place: Path, shell_environment: dict[str, str]) -> None:
    sources = "urls.txt\n$(touch stolen)\n`touch stolen`; touch stolen"
    environment = runner(place, shell_environment, sources=sources, options="--name $(touch stolen)")
    script = yaml.safe_load(ACTION.read_text())["runs"]["steps"][-1]["run"]

    assert run(f"set -eo pipefail\n{script}", place, environment).returncode == 2
    assert not (place / "stolen").exists()
    assert "${{ inputs" not in script


def test_the_action_installs_this_repository() -> None:
    (install,) = (one for one in yaml.safe_load(ACTION.read_text())["runs"]["steps"] if one.get("name") == "Install")
    (path,) = re.findall(r'"\$ACTION/(.*?)"', install["run"])
    assert (ACTION.parent / path).resolve() == ROOT


def test_gitlab_gets_its_junit_report(place: Path, shell_environment: dict[str, str]) -> None:
    job = recipe("gitlab")["urls"]
    (command,) = (line for line in job["script"] if line.startswith("allup "))

    ran = run(command, place, shell_environment)

    assert ran.returncode == 1, ran.stderr
    report = JUnitXml.fromfile(str(place / job["artifacts"]["reports"]["junit"]))
    assert (report.tests, report.failures) == (2, 1)


def test_the_hooks_are_those_that_there_are_and_read_the_lists_that_they_match(
    place: Path, shell_environment: dict[str, str]
) -> None:
    hooks = {one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    (repo,) = recipe("pre-commit")["repos"]
    assert {one["id"] for one in repo["hooks"]} == set(hooks)
    for hook in hooks.values():
        assert re.search(hook["files"], "lists/urls.txt")
        assert run(f"{hook['entry']} urls.txt", place, shell_environment).returncode == int("check" in hook["entry"])


def test_cron_has_something_to_send_only_where_something_is_not_up(
    place: Path, shell_environment: dict[str, str], lab_url: str
) -> None:
    (line,) = blocks("cron")
    minute, *_, command = line.strip().split(" ", 5)
    assert minute == "*/15"

    assert run(command, place, shell_environment).stdout.count("\n") == 1
    (place / "urls.txt").write_text(f"{lab_url}/ok\n")
    ran = run(command, place, shell_environment)
    assert (ran.stdout, ran.stderr) == ("", "")


def test_the_probe_is_ready_where_the_health_page_says_so(
    place: Path, shell_environment: dict[str, str], lab_url: str
) -> None:
    command = recipe("kubernetes")["readinessProbe"]["exec"]["command"]
    healthy = [word.replace("https://example.org", lab_url) for word in command]
    other = [word.replace("/health", "/ok") for word in healthy]

    assert run(shlex.join(healthy), place, shell_environment).returncode == 0
    assert run(shlex.join(other), place, shell_environment).returncode == 1


def test_the_rules_of_prometheus_speak_of_metrics_that_there_are(
    place: Path, shell_environment: dict[str, str]
) -> None:
    (command,) = (
        line
        for block in blocks("sh")
        for line in block.splitlines()
        if "prometheus=allup.prom" in line and "--deadline" in line
    )
    assert run(command, place, shell_environment).returncode == 1
    names = set(re.findall(r"^# TYPE (\w+)", (place / "allup.prom").read_text(), re.MULTILINE))
    rules = recipe("prometheus")["groups"][0]["rules"]
    spoken_of = {name for rule in rules for name in re.findall(r"allup_\w+", rule["expr"])}
    assert spoken_of - {"allup_certificate_expiry_timestamp_seconds"} <= names  # which plain HTTP does not have
