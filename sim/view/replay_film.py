"""One run as a film: the ground is drawn once, and on it, frame by frame, whoever is out."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from sim.errors import StorageError
from sim.rules.names import Kind
from sim.run.causes import ROUTINE, Chronicle
from sim.run.film import Film
from sim.run.words import capital, clock
from sim.view import ground, style, telling
from sim.view.replay_page import MADE_BY
from sim.view.timeline import FORCE

DPI, FRAMES_A_SECOND = 110, 12
EVERY_MIN, TRAIL_MIN = 180.0, 360.0  # between frames; behind a unit
MARKERS: dict[Kind, Any] = {
    Kind.STRIKE_FLIGHT: "^",
    Kind.SURVEILLANCE_ORBIT: "1",
    Kind.PARTNER_PATROL: "o",
    Kind.REGIME_COLUMN: "s",
    Kind.MILITIA_CONVOY: "D",
    Kind.HEZBOLLAH_TEAM: "p",
    Kind.RUSSIAN_FLIGHT: "^",
    Kind.REGIME_FLIGHT: "^",
    Kind.PRO_REGIME_DRONE: "x",
    Kind.ISIS_RAID: "*",
    Kind.CIVIL_TRAFFIC: ".",
}
SMALL_PRINT = (
    "One simulated run, one history of many. A frame every {hours:g} hours; trails of six hours. Squares: columns; "
    "diamonds: convoys; pentagons: Hezbollah teams; circles: patrols; triangles: jets; crosses: drones; "
    "stars: raids; large stars, edged: force used or threatened in the last six hours."
)


def gif(film: Film, which: str) -> bytes:
    """An animated GIF."""
    frames = list(_frames(film, which))
    palette = _palette()
    small = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    made = io.BytesIO()
    small[0].save(
        made, "GIF", save_all=True, append_images=small[1:], duration=round(1000 / FRAMES_A_SECOND), loop=0,
        comment=MADE_BY.encode(),
    )  # fmt: skip
    return made.getvalue()


def _palette() -> Image.Image:
    """Every colour in use on its way to white, and greys: found from the pictures, rare colours would be lost."""
    ours = {colour for _, colour in style.PRINCIPALS.values()} | {ground.ROAD, ground.BORDER, *ground.FILLS.values()}
    strong = np.array([to_rgba(colour)[:3] for colour in sorted(ours)])
    paler = [strong * part + (1 - part) for part in np.linspace(0.15, 1, 12)]
    greys = np.repeat(np.linspace(0, 1, 256 - 12 * len(strong))[:, None], 3, axis=1)
    made = Image.new("P", (1, 1))
    made.putpalette(np.round(255 * np.concatenate([*paler, greys])).astype(np.uint8).tobytes())
    return made


def mp4(film: Film, which: str) -> bytes:
    """An MP4 by ffmpeg; raises `StorageError` where that fails."""
    program = shutil.which("ffmpeg") or "ffmpeg"
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "said.txt").open("w+b") as said:
        file = Path(folder) / "run.mp4"
        frames = list(_frames(film, which))
        size = f"{frames[0].width}x{frames[0].height}"
        command = [program, "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", str(FRAMES_A_SECOND)]
        command += ["-i", "-", "-an", "-pix_fmt", "yuv420p", "-metadata", f"comment={MADE_BY}", str(file)]
        done = subprocess.run(
            command, input=b"".join(map(Image.Image.tobytes, frames)), stdout=said, stderr=said, check=False
        )
        if done.returncode or not file.is_file():
            said.seek(0)
            last = (said.read().decode(errors="replace").strip().splitlines() or ["nothing"])[-1]
            raise StorageError(f"ffmpeg could not make the film; it said: {last}")
        return file.read_bytes()


def _frames(film: Film, which: str) -> Iterator[Image.Image]:
    """The pictures, all of one size, even in both directions."""
    with style.sheet():
        drawn, axes = _stage(film, which)
        canvas: Any = drawn.canvas
        canvas.draw()
        empty = canvas.copy_from_bbox(drawn.bbox)
        cast = _Cast(film, drawn, axes)
        stride = max(1, round(EVERY_MIN / float(film.scenario.params.step_min)))
        last = len(film.minutes) - 1
        for step in sorted({*range(0, last, stride), last}):
            canvas.restore_region(empty)
            cast.play(step)
            picture = Image.frombuffer("RGBA", canvas.get_width_height(), bytes(canvas.buffer_rgba()))
            yield picture.convert("RGB")


def _stage(film: Film, which: str) -> tuple[Figure, Axes]:
    """The figure with all that does not move."""
    drawn = style.figure(7.2, 5.5)
    drawn.set_dpi(DPI)
    axes = style.axes_in(drawn, 0.45, 0.98, 6.65, 4.03)
    ground.draw(axes, film.scenario, ground.windows_of(film.scenario)[0])
    axes.set_xlabel("km east of the garrison", labelpad=1.5)
    axes.set_ylabel("km north of the garrison", labelpad=1.5)
    sides = sorted({telling.side_of(unit) for unit in film.units})
    looks = [style.PRINCIPALS[side] for side in sides]
    keys = [Line2D([], [], ls="none", marker="o", color=colour, label=words) for words, colour in looks]
    drawn.legend(
        handles=keys, loc="lower left", bbox_to_anchor=(0.0, 0.3 / 5.5), ncols=len(keys), handletextpad=0.0,
        columnspacing=0.9, fontsize=6.6,
    )  # fmt: skip
    style.heading(drawn, f"Replay of {_plain(which)}")
    style.footnote(drawn, SMALL_PRINT.format(hours=EVERY_MIN / 60))
    return drawn, axes


def _plain(words: str) -> str:
    """Text as it is: matplotlib would take what stands between dollar signs for mathematics."""
    return words.replace("$", r"\$")


class _Cast:
    """What moves, as a few artists that are set anew for each frame."""

    def __init__(self, film: Film, drawn: Figure, axes: Axes) -> None:
        self.film, self.axes = film, axes
        self.chronicle = Chronicle.of(film.scenario, film.events)
        self.colours = [to_rgba(style.PRINCIPALS[telling.side_of(unit)][1]) for unit in film.units]
        self.trails = LineCollection([], linewidths=1.1, alpha=0.55, zorder=3)
        axes.add_collection(self.trails, autolim=False)
        self.kinds: list[tuple[list[int], PathCollection]] = []
        for kind, marker in MARKERS.items():
            rows = [row for row, unit in enumerate(film.units) if telling.kind_of(unit) == kind]
            self.kinds.append((rows, axes.scatter([], [], s=26, marker=marker, linewidths=0.8, zorder=5)))
        self.acts = axes.scatter([], [], s=95, marker="*", linewidths=0.6, edgecolors=style.INK, zorder=6)
        height = drawn.get_figheight()
        self.time = drawn.text(0.988, 1 - 0.06 / height, "", size=9, weight="bold", va="top", ha="right")
        self.event = drawn.text(0.012, 1 - 0.26 / height, "", size=7.5, va="top", parse_math=False)
        self.told = [k for k in range(len(film.events)) if film.events[k]["act"] not in ROUTINE]
        self.told.sort(key=lambda number: float(film.events[number]["minute"]))

    def play(self, step: int) -> None:
        """Draw everything as it was after so many steps."""
        film, minute = self.film, float(self.film.minutes[step])
        out = np.flatnonzero(film.out[step]).tolist()
        self.trails.set_segments([self._trail(row, step) for row in out])
        self.trails.set_color([self.colours[row] for row in out])
        self.axes.draw_artist(self.trails)
        for rows, artist in self.kinds:
            here = [row for row in rows if row in out]
            artist.set_offsets(np.column_stack([film.x_km[step, here], film.y_km[step, here]]))
            artist.set_color([self.colours[row] for row in here])
            if here:
                self.axes.draw_artist(artist)
        self._mark(minute)
        self.time.set_text(f"day {minute / 1440:.1f} · {clock(self.chronicle.begin, minute)}")
        self.event.set_text(self._latest(minute))
        for text in (self.time, self.event):
            self.axes.draw_artist(text)

    def _trail(self, row: int, step: int) -> np.ndarray:
        """Where a unit was in the last hours of this outing, shape (n, 2)."""
        first = max(0, step - round(TRAIL_MIN / float(self.film.scenario.params.step_min)))
        group = self.film.group[first : step + 1, row]
        away = np.flatnonzero(~self.film.out[first : step + 1, row] | (group != group[-1]))
        first += int(away[-1]) + 1 if len(away) else 0
        return np.column_stack([self.film.x_km[first : step + 1, row], self.film.y_km[first : step + 1, row]])

    def _mark(self, minute: float) -> None:
        """A star where force was used or threatened in the last hours."""
        events = self.film.events
        fresh = np.isin(events["act"], FORCE) & (events["minute"] <= minute) & (events["minute"] > minute - TRAIL_MIN)
        fresh &= telling.placed(events)
        if fresh.any():
            self.acts.set_offsets(np.column_stack([events["x_km"][fresh], events["y_km"][fresh]]))
            concerned = [telling.concerned(self.film, event) for event in events[fresh]]
            self.acts.set_facecolor([to_rgba(style.PRINCIPALS[side][1]) for side in concerned])
            self.axes.draw_artist(self.acts)

    def _latest(self, minute: float) -> str:
        past = [number for number in self.told if self.film.events[number]["minute"] <= minute]
        if not past:
            return "Nothing has happened yet."
        return f"{self.chronicle.when(past[-1])}  {capital(self.chronicle.sentence(past[-1]))}."
