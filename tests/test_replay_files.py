"""The page, the tables and the film of one run: what is in them, and that a name stays a name."""

from __future__ import annotations

import copy
import csv
import dataclasses
import html
import io
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

import sim
from sim.geography import geography, project, unproject
from sim.run.film import film
from sim.view import replay_files, replay_film
from sim.view.replay_page import data, embedded, page, thinned
from tests.hostile import HOSTILE


@pytest.fixture(scope="module")
def shot():
    """The film of nine days with strikes."""
    return film(sim.load("scenario.horizon_days=9"), seed=3, replication=33)


class Skeleton(HTMLParser):
    """Tags and the names of their attributes, in order; the texts apart."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, *(name for name, _ in attrs)))

    def handle_data(self, text):
        self.texts.append(text)


def renamed(shot, words):
    """The same film with these words for every name that somebody may have chosen."""
    config = copy.deepcopy(shot.scenario.config)
    config.scenario.name = config.roe.name = config.theory.name = words
    names = tuple(f"{words} {number}" for number, _ in enumerate(shot.scenario.names))
    return dataclasses.replace(shot, scenario=dataclasses.replace(shot.scenario, config=config, names=names))


def within(text):
    """What the page's script reads."""
    return json.loads(re.search(r'<script id="run" type="application/json">(.*?)</script>', text, re.DOTALL)[1])


@pytest.mark.parametrize("words", HOSTILE)
def test_no_name_becomes_a_part_of_the_page(shot, words):
    """If this failed, who names a scenario could run a script in the browser of whoever opens the replay."""
    harmless, hostile = (page(renamed(shot, each), f"run 0:33 of {each}") for each in ("quiet", words))
    assert Skeleton(hostile).tags == Skeleton(harmless).tags
    assert words.lower() in within(hostile)["units"][30]["name"].lower()
    assert any(words.lower() in unit["name"].lower() for unit in within(hostile)["units"])


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_ends_the_element_it_stands_in(words):
    """If this failed, the data of a page could close its element and go on as a page."""
    text = embedded({words: [words]})
    assert text.isascii()
    assert not set("<>&") & set(text)
    assert json.loads(text) == {words: [words]}


def test_a_page_stands_alone(shot):
    """If this failed, a page sent to a colleague would ask some address for a part of it, or be too long to send."""
    text = page(shot, "run 0:33 of a")
    assert len(text) < 500_000
    assert "default-src 'none'" in html.unescape(text)
    told = text.replace("http://www.w3.org", "")
    assert not re.search(r"https?:|//[a-z]+\.[a-z]|@import|url\(|<link|src=", told)
    assert shot.log_sha256 in text


def test_the_page_knows_where_everybody_was(shot):
    """If this failed, units would be drawn, or be called inside the zone, where they were not."""
    told = data(shot)
    assert told["steps"] == len(shot.minutes) - 1
    for row, unit in enumerate(told["units"]):
        step, x, y = np.array(unit["way"]).reshape(-1, 3).T
        for km, kept in ((x, shot.x_km), (y, shot.y_km)):
            assert np.abs(np.interp(np.arange(told["steps"] + 1), step, km / 100) - kept[:, row]).max() < 0.03
        ends = np.array(unit["outings"]).reshape(-1, 2)
        out = np.zeros(told["steps"] + 1, bool)
        for first, last in ends:
            out[first : last + 1] = True
        assert np.array_equal(out, shot.out[:, row])
        at, does = np.array(unit["does"]).reshape(-1, 2).T
        kept = does[np.searchsorted(at, np.arange(told["steps"] + 1), side="right") - 1]
        assert np.array_equal(kept % 16, shot.posture[:, row])
        assert np.array_equal(kept >= 16, shot.inside[:, row] == 1)


def test_the_tension_strip_is_the_curve():
    """If this failed, a jump of tension would be drawn as a slope, or its fading be lost."""
    curve = np.concatenate([np.zeros(50), 3 * 0.5 ** (np.arange(200) / 50), 1 + 0.5 ** (np.arange(100) / 50)])
    step, value = np.array(thinned(curve)).reshape(-1, 2).T
    assert np.abs(np.interp(np.arange(350), step, value / 1000) - curve).max() < 0.04
    assert len(step) < 300


def test_unproject_undoes_project():
    """If this failed, tracks would lie beside the places of every other map."""
    for x, y in [*geography().places.values(), (0.0, 0.0), (-300.0, 250.0)]:
        assert np.allclose(project(*unproject(x, y)), (x, y), atol=1e-6)


def test_tracks_as_a_table(shot):
    """If this failed, a table of tracks would lack a unit, or mean other units of measurement than it says."""
    rows = list(csv.DictReader(io.StringIO(replay_files.table(shot))))
    assert tuple(rows[0]) == replay_files.COLUMNS
    names = {unit["name"] for row, unit in enumerate(shot.units) if shot.out[:, row].any()}
    assert {row["unit"] for row in rows} == names
    for row in rows[:: len(rows) // 50]:
        where = project(float(row["latitude_deg"]), float(row["longitude_deg"]))
        assert np.allclose(where, (float(row["x_km_east"]), float(row["y_km_north"])), atol=0.01)
    cells = [cell for row in csv.reader(io.StringIO(replay_files.table(renamed(shot, "=1+1")))) for cell in row]
    assert not any(cell.startswith("=") for cell in cells)


def test_tracks_as_geojson(shot):
    """If this failed, no map program could show the tracks, or it would show them elsewhere."""
    told = json.loads(replay_files.made(shot, "run 0:33 of a", "geojson"))
    lines = [each for each in told["features"] if each["geometry"]["type"] == "LineString"]
    points = [each for each in told["features"] if each["geometry"]["type"] == "Point"]
    assert told["log_sha256"] == shot.log_sha256
    assert all(len(each["geometry"]["coordinates"]) == len(each["properties"]["minute_min"]) >= 2 for each in lines)
    lon, lat = np.array([xy for each in lines for xy in each["geometry"]["coordinates"]]).T
    assert 33 < lon.min() < lon.max() < 43
    assert 30 < lat.min() < lat.max() < 37
    assert {each["properties"]["act"] for each in points} >= {"strike", "entry", "launch"}


def test_a_film_moves(shot):
    """If this failed, the film would be one picture, or stop before the run does."""
    told = Image.open(io.BytesIO(replay_files.made(shot, "run 0:33 of $a_b", "gif")))
    assert told.n_frames == 9 * 8 + 1
    first = np.asarray(told.convert("RGB"), float)
    told.seek(40)
    assert np.abs(np.asarray(told.convert("RGB"), float) - first).max() > 100
    vermillion = np.abs(first - [213, 94, 0]).sum(axis=2).min()
    assert vermillion < 12  # the regime's colour, in the legend
    assert told.width == replay_film.DPI * 7.2


def test_an_mp4_by_whatever_ffmpeg_is_there(shot, tmp_path, monkeypatch):
    """If this failed, the film that ffmpeg gets would not be the frames, or its complaint would be lost."""
    program = tmp_path / "ffmpeg"
    program.write_text('#!/bin/sh\nfor last; do :; done\ncat > "$last"\necho "$*" >> "$last"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert replay_files.wanted(tmp_path / "a", "0:1", ["format=mp4", f"out={tmp_path / 'b.mp4'}"])
    told = replay_files.made(shot, "run 0:33", "mp4")
    assert len(told) > 73 * 792 * 604 * 3
    assert b"comment=tanf replay" in told
    program.write_text("#!/bin/sh\ncat >/dev/null\necho no such codec >&2\nexit 1\n")
    with pytest.raises(sim.errors.StorageError, match="no such codec"):
        replay_film.mp4(shot, "run 0:33")
