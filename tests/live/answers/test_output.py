import asyncio
import json
import re
import sys
from pathlib import Path

import pytest

from live.answers.conftest import Serve
from live.answers.running import environment
from live.answers.scripts import FINE, head, pages, says

pytestmark = pytest.mark.asyncio(loop_factories=["asyncio"])  # the client is a process of its own

REPORTS = ("lines", "jsonl", "json", "table")
SECRET = "s3cr3t"
# What a terminal acts upon: C0 but for tab and line feed, DEL, C1, marks of direction, and line ends to some.
ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")
COLOR = re.compile(r"\x1b\[[0-9;]*m")
_EVIL = b"\x1b[2J\x1b]0;owned\x07\x9b1m\x08"
_MARKUP = "[bold red]x[/bold red][link=http://evil.example]\u202e".encode()


def found(location: bytes, *others: bytes) -> bytes:
    return head(b"Location: " + location, *others, status=b"HTTP/1.1 302 Found")


async def told(lines: list[str], *arguments: str, folder: Path) -> dict[str, str]:
    """Return what the command says: in every report, on a colourful stdout, and on stderr."""
    listed = folder / "list.txt"
    listed.write_text("\n".join(lines))
    reports = [f"--report={form}={folder / form}" for form in REPORTS]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "allup", "check", str(listed), "--format=table", "--color=always"),
        *reports,
        *arguments,
        env=environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    texts = {form: (folder / form).read_text() for form in REPORTS}
    return {**texts, "stdout": COLOR.sub("", out.decode()), "stderr": COLOR.sub("", err.decode())}


async def test_nothing_that_a_server_says_takes_effect(serve: Serve, tmp_path: Path) -> None:
    answers = [
        head(b"X: " + _EVIL, b"Content-Type: " + _EVIL + _MARKUP, status=b"HTTP/1.1 500 " + _EVIL + _MARKUP),
        found(b"http://" + _MARKUP),
        found(b"/" + _EVIL),
        found(b"ftp://x/" + _MARKUP + b"\x9b2J"),
        found(b"/", b"Set-Cookie: " + _EVIL + b"=1"),
        b"SSH-2.0-" + _EVIL + _MARKUP + b"\r\n",
        b"HTTP/1.1 200 OK\r\n" + _EVIL + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + _EVIL + _MARKUP + b"\r\n\r\n",
        b"HTTP/1.1 " + _EVIL + b"\r\n\r\n",
    ]
    servers = [await serve(says(answer)) for answer in answers]
    servers.append(await serve(says(FINE), "evil name"))
    texts = await told([server.url for server in servers], folder=tmp_path)
    assert {name for name, text in texts.items() if ACTIVE.search(text)} == set()
    for form in (*REPORTS, "stdout"):
        assert [server.port for server in servers if str(server.port) not in texts[form]] == []


async def test_a_target_is_one_line_and_one_record_whatever_its_server_says(serve: Serve, tmp_path: Path) -> None:
    nasty = await serve(says(found(b"ftp://x/\x85\xe2\x80\xa8\tb")))
    texts = await told([nasty.url], folder=tmp_path)
    [line] = texts["lines"].splitlines()
    assert len(line.split("\t")) == 5
    [record] = texts["jsonl"].splitlines()
    assert json.loads(record)["failure"]["kind"] == "bad_redirect"
    assert json.loads(texts["json"])["results"] == [json.loads(record)]


async def test_markup_is_shown_as_it_stands(serve: Serve, tmp_path: Path) -> None:
    nasty = await serve(says(found(b"ftp://x/[bold]y[/bold]")))
    texts = await told([nasty.url], folder=tmp_path)
    assert [form for form in (*REPORTS, "stdout") if "[bold]y[/bold]" not in "".join(texts[form].split())] == []


LOCATIONS = [
    f"http://user:{SECRET}@127.0.0.1:1/",
    f"http://user:{SECRET}@[::1/",
    f"http://user:{SECRET}@",
    f"http://user:{SECRET}@127.0.0.1:99999/",
    f"ftp://user:{SECRET}@127.0.0.1/",
    f"http://user:{SECRET}\x1b@127.0.0.1/",
    f"https:user:{SECRET}@127.0.0.1:1/",
    f"http://é:{SECRET}@127.0.0.1:1/",
    f"//user:{SECRET}@127.0.0.1:1/",
    f"\\\\user:{SECRET}@127.0.0.1:1/",
    f"//user:{SECRET}@[::1/",
]


@pytest.mark.parametrize("options", [(), ("--no-follow",)])
async def test_no_password_of_a_location_is_printed_be_it_followed_or_not_be_it_as_expected_or_not(
    serve: Serve, tmp_path: Path, options: tuple[str, ...]
) -> None:
    servers = [await serve(says(found(location.encode()))) for location in LOCATIONS]
    lines = [line for one in servers for line in (one.url, f"{one.url}?stay expect=302")]
    texts = await told(lines, *options, "--retries", "0", folder=tmp_path)
    assert texts["lines"].count("127.0.0.1") >= len(lines)
    assert [line for text in texts.values() for line in text.splitlines() if SECRET in line] == []


async def test_no_cookie_is_quoted_where_a_head_cannot_be_read(serve: Serve, tmp_path: Path) -> None:
    cookies = (b"Set-Cookie: a=s3cr3t\0", b"Set-Cookie a=s3cr3t", b"Set-Cookie: a=s3cr3t\rX")
    servers = [await serve(says(head(cookie))) for cookie in cookies]
    texts = await told([server.url for server in servers], folder=tmp_path)
    assert texts["lines"].count("not valid HTTP") == len(cookies)
    assert {name for name, text in texts.items() if SECRET in text} == set()


async def test_no_secret_of_the_user_or_the_server_is_printed(serve: Serve, tmp_path: Path) -> None:
    site = {
        # aiohttp has something to say about the name of this cookie.
        b"/start": found(b"/end", b"Set-Cookie: s3cr3t k=1"),
        b"/end": found(b"http://127.0.0.1:1/", b"Set-Cookie: k=s3cr3t"),
    }
    nasty = await serve(pages(site))
    url = nasty.url.replace("//", f"//user:{SECRET}@")
    headers = ("--header", f"Authorization: Bearer {SECRET}", "--header", f"Cookie: k={SECRET}")
    texts = await told([url, f"{url}?x header=y"], *headers, folder=tmp_path)
    assert {name for name, text in texts.items() if SECRET in text} == set()
    assert texts["stderr"] == ""
    assert any(SECRET.encode() in request for request in nasty.requests)  # it was sent, where it belongs
