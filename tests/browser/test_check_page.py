"""The page of a check in a real browser: it works by keyboard, at any length, and what others wrote stays text."""

from pathlib import Path
from typing import Any

import pytest

from allup.model.failure import Phase
from allup.model.result import Verdict, cut_short, not_started, unreadable
from allup.model.resumption import Resumption
from allup.model.stop import Stop
from allup.model.target import InvalidTarget, Target
from allup.report.html import MOST_ROWS
from allup.report.printable import printable
from browser.chromium import Tab
from browser.scenes import EPOCH_S, many, named, page, resumed, since
from unit.report.hostile import HOSTILE

pytestmark = pytest.mark.slow

COUNT = "document.getElementById('count').value"
TEXTS = "[...document.querySelectorAll('#rows .c-{column}')].map((one) => one.textContent)"
ELEMENTS = "document.querySelectorAll('*').length"


def shown(text: str) -> str:
    # A page is no log that a runner of GitHub's obeys.
    return printable(text).replace(r"#\x23[", "##[")


async def column(browser: Tab, name: str) -> list[str]:
    texts: list[str] = await browser.evaluate(TEXTS.replace("{column}", name))
    return texts


async def click(browser: Tab, selector: str) -> None:
    await browser.evaluate(f"document.querySelector({selector!r}).click()")


async def test_the_page_shows_summary_rows_and_bars(browser: Tab, tmp_path: Path) -> None:
    await browser.open(page(tmp_path / "page.html", many(100)))

    assert await browser.evaluate("document.title") == "97 ok, 1 flaky, 2 failed of 100 in 1.3s - allup"
    assert await browser.evaluate(COUNT) == "100 targets"
    assert (await column(browser, "target"))[:2] == ["h0.example/page/0", "h31.example/page/1"]
    parts = await browser.evaluate("[...document.querySelector('#row-0 .bar').children].map((one) => one.className)")
    assert parts == ["dns", "connect", "ssl", "wait", "receive"]
    words = await browser.evaluate("document.querySelector('#row-0 .bar').ariaLabel")
    assert words == "dns 1.6ms, connect 2.8ms, ssl 4.4ms, wait 8.0ms, receive 3.2ms"


async def test_bars_stand_where_they_were_in_the_run(browser: Tab, tmp_path: Path) -> None:
    results = many(100, at_once=1)
    await browser.open(page(tmp_path / "page.html", results))

    lefts = await browser.evaluate(
        "[...document.querySelectorAll('#rows .bar')].slice(0, 5).map((bar) => "
        "parseFloat(bar.querySelector('i:not(.queued)').style.left))"
    )

    length_s = sum(one.attempt.elapsed_s for one in results if one.attempt)
    ends_s = [0.0]
    for one in results[:4]:
        assert one.attempt is not None
        ends_s.append(ends_s[-1] + one.attempt.elapsed_s)
    assert lefts == pytest.approx([100 * end_s / length_s for end_s in ends_s], abs=0.05)


async def test_attempts_and_the_wait_for_a_turn_are_marked(browser: Tab, tmp_path: Path) -> None:
    await browser.open(page(tmp_path / "page.html", many(140)), "#hidden=ok,failed")

    assert await column(browser, "verdict") == ["~ flaky", "~ flaky"]
    assert await browser.evaluate("document.querySelector('#rows .again').textContent") == "↻3"
    assert await browser.evaluate("document.querySelectorAll('#row-1 .queued').length") == 1
    overlaps = """[...document.querySelectorAll('#rows .bar')].some((bar) => {
        const mark = bar.querySelector('.again').getBoundingClientRect();
        return [...bar.querySelectorAll('i:not(.queued)')].some((one) => {
            const part = one.getBoundingClientRect();
            return part.left < mark.right - 1 && mark.left < part.right - 1;
        });
    })"""
    assert not await browser.evaluate(overlaps)
    assert "3 attempts, the last one" in await browser.evaluate("document.querySelector('#rows .bar').ariaLabel")


async def test_a_heading_sorts_one_way_and_then_the_other(browser: Tab, tmp_path: Path) -> None:
    await browser.open(page(tmp_path / "page.html", many(100)))

    await browser.evaluate("document.querySelector('[data-sort=time]').focus()")
    await browser.press("Enter")
    shortest_first = await column(browser, "time")
    await browser.press("Enter")
    longest_first = await column(browser, "time")

    sorted_by = "document.querySelector('th.c-time').getAttribute('aria-sort')"
    assert await browser.evaluate(sorted_by) == "descending"
    assert await browser.evaluate("document.activeElement.dataset.sort") == "time"
    assert (shortest_first[0], longest_first[0]) == ("20ms", "416ms")
    assert await browser.evaluate("location.hash") == "#sort=-time"


async def test_filters_narrow_the_rows_and_the_address_keeps_them(browser: Tab, tmp_path: Path) -> None:
    path = page(tmp_path / "page.html", many(1000))
    await browser.open(path)

    await click(browser, "[data-verdict=ok]")
    assert await browser.evaluate(COUNT) == "32 of 1,000 targets"
    await browser.evaluate("document.getElementById('search').focus()")
    await browser.type("PAGE/149 404")
    await browser.until(f"{COUNT} === '1 of 1,000 targets'")
    assert await column(browser, "target") == ["h19.example/page/149"]
    address = await browser.evaluate("location.hash")
    await click(browser, "#reset")
    assert await browser.evaluate(COUNT) == "1,000 targets"

    await browser.evaluate(f"location.hash = {address!r}")
    await browser.until(f"{COUNT} === '1 of 1,000 targets'")
    await browser.evaluate("location.hash = 'host=h7.example'")
    await browser.until(f"{COUNT} === '25 of 1,000 targets'")
    await browser.evaluate("location.hash = 'kind=status'")
    await browser.until(f"{COUNT} === '20 of 1,000 targets'")
    await browser.evaluate("location.hash = 'text=nowhere'")
    await browser.until(f"{COUNT} === '0 of 1,000 targets'")
    assert await browser.evaluate("document.getElementById('rows').textContent") == "No target is like that."


async def test_keys_move_through_the_rows_and_open_what_is_known(browser: Tab, tmp_path: Path) -> None:
    await browser.open(page(tmp_path / "page.html", many(5000)))
    active = "document.getElementById(document.getElementById('table').getAttribute('aria-activedescendant'))"

    await browser.evaluate("document.getElementById('table').focus()")
    await browser.press("ArrowDown", times=3)
    assert await browser.evaluate(f"{active}.querySelector('.c-line').textContent") == "4"
    await browser.press("End")
    assert await browser.evaluate(f"{active}.querySelector('.c-line').textContent") == "5000"
    assert await browser.evaluate(f"{active}.getBoundingClientRect().bottom <= innerHeight + 1")
    await browser.press("Enter")
    title = "document.getElementById('details-title').textContent"
    assert await browser.evaluate(title) == "https://h9.example/page/4999"
    await browser.press("ArrowUp", times=3)
    await browser.press("ArrowDown", times=2)
    assert await browser.evaluate(title) == "https://h18.example/page/4998"
    told = await browser.evaluate("document.getElementById('details').textContent")
    assert "4,999 of 5,000" in told
    assert "192.0.2.7" in told
    await browser.press("Escape")
    assert not await browser.evaluate("document.getElementById('details').open")
    assert await browser.evaluate("document.activeElement.id") == "table"


@pytest.mark.parametrize("count", [5_000, 40_000])
async def test_a_long_list_is_no_long_document(browser: Tab, tmp_path: Path, count: int) -> None:
    await browser.open(page(tmp_path / "page.html", many(count)))
    assert await browser.evaluate(ELEMENTS) < 1500

    for share in (0.3, 0.6, 1):
        await browser.evaluate(f"scrollTo(0, document.documentElement.scrollHeight * {share})")
        await browser.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert await browser.evaluate(ELEMENTS) < 1500
        assert await browser.evaluate(
            "[...document.querySelectorAll('#rows tr')].some((one) => one.getBoundingClientRect().top < innerHeight"
            " && one.getBoundingClientRect().bottom > 0)"
        )
    assert await browser.evaluate("document.querySelector('#stretch').getAttribute('width') > 0")


@pytest.mark.parametrize("width", [360, 800, 1150, 1600])
async def test_no_width_makes_the_page_scroll_sideways(browser: Tab, tmp_path: Path, width: int) -> None:
    results = [*many(300), named("https://example.org/" + "x" * 400, "a name " * 40)]
    await browser.open(page(tmp_path / "page.html", results), "#sort=-line", width=width)
    assert await browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await browser.evaluate(
        "[...document.querySelectorAll('#rows tr')].every((row) => row.scrollHeight <= row.clientHeight + 1)"
    )
    await click(browser, "#row-0")
    assert await browser.evaluate("document.getElementById('details').scrollWidth <= innerWidth")


async def test_nothing_is_asked_for_from_elsewhere(browser: Tab, tmp_path: Path) -> None:
    path = page(tmp_path / "page.html", many(300))
    await browser.open(path)
    await click(browser, "#row-0")
    await browser.evaluate("new Promise((done) => setTimeout(done, 300))")
    assert browser.requests == [path.as_uri()]


async def test_a_script_that_gets_into_the_page_may_not_run(browser: Tab, tmp_path: Path) -> None:
    path = page(tmp_path / "page.html", many(1))
    smuggled = "<script>document.title = 'owned'</script><img src='https://evil.example/x' onerror='alert(1)'>"
    path.write_text(path.read_text().replace("<main>", f"<main>{smuggled}"))
    await browser.open(path)
    assert await browser.evaluate("document.title") != "owned"
    refused = [error for error in browser.errors if "Content Security Policy" in error]
    browser.errors = [error for error in browser.errors if error not in refused and "ERR_BLOCKED_BY_CSP" not in error]
    assert refused


async def test_hostile_names_stay_text(browser: Tab, tmp_path: Path) -> None:
    hostile = [
        *(text for text in HOSTILE if text.strip()),
        *("<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "<!--<script>", "]]>", "__proto__"),
        *("javascript:alert(1)", "{{script}}", "${alert(1)}"),
    ]
    results = [named(f"https://example.org/{text}", text) for text in hostile]
    path = page(tmp_path / "page.html", [*results, *(named(text, None) for text in hostile)])
    plain = page(tmp_path / "plain.html", [named("https://example.org/", "name") for _ in (*results, *results)])

    await browser.open(path, height=6000)
    names = await browser.evaluate("[...document.querySelectorAll('#rows .name')].map((one) => one.textContent)")
    kinds = await browser.evaluate("[...new Set([...document.body.querySelectorAll('*')].map((one) => one.tagName))]")
    links = []
    for number in range(2 * len(hostile)):
        await click(browser, f"#row-{number}")
        links += await browser.evaluate("[...document.querySelectorAll('#details a')].map((one) => one.href)")
        told = await browser.evaluate("document.getElementById('details').textContent")
        assert shown(hostile[number % len(hostile)]) in told
    await browser.open(plain, height=6000)

    assert names == [shown(text) for text in hostile]
    assert set(kinds) == set(
        await browser.evaluate("[...new Set([...document.body.querySelectorAll('*')].map((one) => one.tagName))]")
    )
    assert all(link.startswith(("https://", "http://")) for link in links)
    assert set(browser.requests) == {path.as_uri(), plain.as_uri()}


async def test_a_run_that_was_cut_off_says_so(browser: Tab, tmp_path: Path) -> None:
    def target(number: int) -> Target:
        return Target(url=f"https://example.org/{number}", href="", host="example.org:443")

    results = [
        *many(3),
        cut_short(3, target(3), Stop.DEADLINE, Phase.WAIT, attempts=0),
        not_started(4, target(4), detail="the deadline came"),
        unreadable(5, InvalidTarget(text="no url", reason="not a URL")),
    ]
    await browser.open(page(tmp_path / "page.html", results))

    notice = await browser.evaluate("document.getElementById('notice').textContent")
    assert notice == "The run ended early: 1 target was in flight, 1 was not started."
    assert await column(browser, "code") == ["200", "200", "200", "deadline", "not_started", "invalid_target"]
    bars: Any = await browser.evaluate("[...document.querySelectorAll('#rows .bar')].map((bar) => bar.children.length)")
    assert bars[3:] == [0, 0, 0]
    for number in (3, 4, 5):
        await click(browser, f"#row-{number}")


async def test_a_run_that_was_resumed_says_so_and_its_pause_is_cut_short(browser: Tab, tmp_path: Path) -> None:
    first = many(50)
    results = resumed(first, after_s=3600)
    resumption = Resumption(results=len(first), began_at=EPOCH_S)
    await browser.open(page(tmp_path / "page.html", results, resumption=resumption), height=6000)

    assert await browser.evaluate("document.title") == "98 ok, 2 failed of 100 - allup"
    assert await browser.evaluate("document.getElementById('headline').textContent") == (
        "98 ok, 2 failed of 100; 50 of these are from a run that began at 2026-01-31 12:00:00 UTC, "
        "the rest took 1.3s (at most 50 in flight)"
    )
    facts = await browser.evaluate("document.getElementById('run-facts').textContent")
    assert "a pause of 60m 00s is cut short below" in facts
    assert "in flight" not in facts
    lefts = await browser.evaluate(
        "[...document.querySelectorAll('#rows .bar')].map((bar) => "
        "parseFloat(bar.querySelector('i:not(.queued):not(.cut)').style.left))"
    )
    assert max(lefts[:50]) < 50 < min(lefts[50:]) < 55
    ticks = await browser.evaluate("[...document.querySelectorAll('.scale span')].map((one) => one.textContent)")
    assert (ticks[0], ticks[3], ticks[4]) == ("0", "60m 00s", "60m 00s")
    assert await browser.evaluate("document.querySelectorAll('#overview .cut').length") == 1
    assert await browser.evaluate("document.querySelectorAll('#row-0 .cut').length") == 1


async def test_a_run_all_of_which_was_known_took_no_time(browser: Tab, tmp_path: Path) -> None:
    results = many(50)
    await browser.open(page(tmp_path / "page.html", results, resumption=Resumption(results=50, began_at=EPOCH_S)))
    headline = await browser.evaluate("document.getElementById('headline').textContent")
    assert headline == "49 ok, 1 failed of 50; all from a run that began at 2026-01-31 12:00:00 UTC"
    assert await browser.evaluate("document.querySelectorAll('.cut').length") == 0


async def test_what_has_changed_since_the_baseline_is_told_and_can_be_chosen(browser: Tab, tmp_path: Path) -> None:
    results, changes = since(many(100))
    await browser.open(page(tmp_path / "page.html", results, changes=changes), height=3000)

    chips = "[...document.querySelectorAll('#change-chips button')].map((one) => one.textContent)"
    assert await browser.evaluate(chips) == ["broke 2", "new 10", "recovered 1", "slower 1", "as before 86"]
    tags = "[...document.querySelectorAll('#rows .change')].map((one) => one.textContent)"
    assert (await browser.evaluate(tags))[:4] == ["recovered", "slower", "new", "new"]
    told = await browser.evaluate("document.getElementById('changes-lists').textContent")
    assert "1 slower, the one that lost most time first" in told
    assert "1 gone" in told
    assert "<img src=x onerror=alert(1)>https://gone.example/<b>" in told

    await click(browser, "[data-change=broke]")
    assert await browser.evaluate(COUNT) == "2 of 100 targets"
    assert await column(browser, "verdict") == ["✗ failed"] * 2
    assert await browser.evaluate("location.hash") == "#change=broke"
    assert (
        await browser.evaluate("document.querySelector('[data-change=broke]').getAttribute('aria-pressed')") == "true"
    )
    await click(browser, "[data-change=broke]")
    assert await browser.evaluate(COUNT) == "100 targets"
    await browser.evaluate("location.hash = 'text=recovered'")
    await browser.until(f"{COUNT} === '1 of 100 targets'")
    await click(browser, "#row-0")
    details = await browser.evaluate("document.getElementById('details').textContent")
    assert "Since the baselinechangerecoveredverdict thenfailed, reset" in details


async def test_without_a_baseline_the_page_says_nothing_of_one(browser: Tab, tmp_path: Path) -> None:
    await browser.open(page(tmp_path / "page.html", many(10)), "#change=broke")
    assert await browser.evaluate("document.getElementById('changes').hidden")
    assert await browser.evaluate(COUNT) == "0 of 10 targets"


async def test_changes_fit_into_any_width(browser: Tab, tmp_path: Path) -> None:
    results, changes = since([*many(299), named("https://example.org/" + "x" * 400, "a name " * 40)])
    path = page(tmp_path / "page.html", results, changes=changes)
    for width in (360, 800, 1600):
        await browser.open(path, width=width)
        await browser.evaluate("for (const one of document.querySelectorAll('#changes details')) one.open = true")
        assert await browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await browser.evaluate(
            "[...document.querySelectorAll('#rows tr')].every((row) => row.scrollHeight <= row.clientHeight + 1)"
        )


async def test_a_page_that_holds_not_all_says_why(browser: Tab, tmp_path: Path) -> None:
    notice = "document.getElementById('notice').textContent"
    await browser.open(page(tmp_path / "few.html", many(100), only=frozenset({Verdict.FAILED})))
    assert (await browser.evaluate(notice)).startswith("This page holds 2 of 100 targets: those of the verdicts that")
    await browser.open(page(tmp_path / "many.html", many(MOST_ROWS + 100)))
    assert (await browser.evaluate(notice)).startswith("This page holds 25,003 of 25,100 targets: the first ones, and")


async def test_a_page_without_a_target_is_a_page(browser: Tab, tmp_path: Path) -> None:
    await browser.open(page(tmp_path / "page.html", []))
    assert await browser.evaluate("document.getElementById('headline').textContent") == "0 ok of 0 in 1.3s"
