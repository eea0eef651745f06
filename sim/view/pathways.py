"""The most frequent chains of acts that end in force, as streams that part, with the chance of force on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from sim.study.chains import AFTER, Path, Paths, most_frequent
from sim.study.histories import Histories
from sim.view import style

SHOWN, LONGEST = 12, 6  # chains, and steps of a chain
ROW_IN, HEAD, FOOT, WIDTH, LEFT, RIGHT = 0.44, 0.62, 0.98, 7.2, 0.12, 0.62  # inches
BAR_IN, THICK = 0.06, 0.8  # of a step; share of a row that the widest stream may fill
NOTE = (
    "A chain begins with an act that no other caused, or after a use of force, and ends with the next use of "
    "force between the coalition and regime, militia, Hezbollah or Russia; each act is caused by the one before "
    "(sightings and repeats left out; a second bomb is no new chain). Shown: the most frequent of at most six "
    "steps; the table has more. Width: number of chains. Per cent: of all chains that came so far, shown or not, "
    "those that went on to force, with 95 % interval (Clopper–Pearson for the effective number of chains, as "
    "those of one run share its luck; Korn and Graubard 1998). What led to force need not be what made it "
    "likelier: ask that with tanf compare."
)
KINDS = {
    "militia_convoy": "militia convoy", "regime_column": "regime column", "hezbollah_team": "Hezbollah team",
    "pro_regime_drone": "drone", "partner_patrol": "partner patrol", "isis_raid": "ISIS raid",
    "civil_traffic": "civil traffic",
}  # fmt: skip
WORDS = {
    "entry": "enters the ring", "goes_on": "goes on", "fires": "fires at aircraft", "shoot_down": "drone shot at",
    "contact": "ground combat", "mistaken": "misidentified", "off_map_attack": "attack elsewhere",
    "missiles": "guided missile", "air_support": "jets bomb", "drone_attack": "drone attack", "digs_in": "digs in",
    }  # fmt: skip


@dataclass
class Node:
    """A step of the tree of chains: the path to it, how many of the shown chains pass, and where it is drawn."""

    path: Path
    flow: int = 0
    children: dict[str, Node] = field(default_factory=dict)
    middle: float = 0.0


def tree(paths: Paths, most: int = SHOWN) -> Node:
    """The most frequent chains, put together where they begin alike; the widest first, those after force last."""
    root = Node(())
    for path in most_frequent(paths.ends, most, LONGEST):
        node = root
        node.flow += paths.ends[path]
        for length, step in enumerate(path, 1):
            node = node.children.setdefault(step, Node(path[:length]))
            node.flow += paths.ends[path]
    _sort(root)
    return root


def _sort(node: Node) -> None:
    node.children = dict(
        sorted(node.children.items(), key=lambda item: (item[0].startswith(AFTER), -item[1].flow, item[0]))
    )
    for child in node.children.values():
        _sort(child)


def words(step: str) -> str:
    """A step of a chain in plain words."""
    if step.startswith(AFTER):
        return f"after {words(step.removeprefix(AFTER))}"
    if step.startswith("launch "):
        kind = step.removeprefix("launch ")
        return f"{KINDS.get(kind, kind.replace('_', ' '))} sets out"
    return WORDS.get(step, step.replace("_", " "))


def compose(found: Histories) -> Figure:
    """The figure; call it under `style.sheet()`."""
    root = tree(found.paths)
    rows = max(1, len(_leaves(root)))
    drawn = style.figure(WIDTH, HEAD + ROW_IN * rows + FOOT)
    axes = style.axes_in(drawn, 0, FOOT, WIDTH, ROW_IN * rows)
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(ROW_IN * rows, 0)
    axes.axis("off")
    if not root.children:
        axes.text(LEFT, 0.2, "No use of force in these runs.")
        return drawn
    _place(root, [0])
    deepest = max(len(leaf.path) for leaf in _leaves(root))
    widest = max(child.flow for child in root.children.values())
    step_in = min(1.6, (WIDTH - LEFT - RIGHT - 0.55) / max(1, deepest - 1))
    _draw(axes, found, root, (step_in, THICK * ROW_IN / widest))
    return drawn


def _leaves(node: Node) -> list[Node]:
    if not node.children:
        return [node] if node.path else []
    return [leaf for child in node.children.values() for leaf in _leaves(child)]


def _place(node: Node, row: list[int]) -> None:
    """Leaves on rows of their own, every other step in the middle of what follows it."""
    for child in node.children.values():
        _place(child, row)
    if node.children:
        ends = [child.middle for child in node.children.values()]
        node.middle = (ends[0] + ends[-1]) / 2
    else:
        node.middle = ROW_IN * (row[0] + 0.5)
        row[0] += 1


def _draw(axes: Axes, found: Histories, node: Node, sizes: tuple[float, float]) -> None:
    """A step, the streams from it to the next ones, and these."""
    step_in, per_chain = sizes
    x = LEFT + (len(node.path) - 1) * step_in
    top = node.middle - node.flow * per_chain / 2
    for child in node.children.values():
        if node.path:
            _stream(
                axes,
                (x + BAR_IN, top),
                (x + step_in, child.middle - child.flow * per_chain / 2),
                child.flow * per_chain,
            )
        top += child.flow * per_chain
        _draw(axes, found, child, sizes)
    if node.path:
        colour = style.VERMILLION if not node.children else style.BLUE
        high = node.flow * per_chain
        axes.add_patch(Rectangle((x, node.middle - high / 2), BAR_IN, high, color=colour, lw=0, zorder=3))
        _label(axes, found, node, x)


def _stream(axes: Axes, start: tuple[float, float], end: tuple[float, float], high: float) -> None:
    (x0, y0), (x1, y1) = start, end
    bend = (x0 + x1) / 2
    corners = [
        (x0, y0), (bend, y0), (bend, y1), (x1, y1),
        (x1, y1 + high), (bend, y1 + high), (bend, y0 + high), (x0, y0 + high), (x0, y0),
    ]  # fmt: skip
    codes = [Outline.MOVETO, *[Outline.CURVE4] * 3, Outline.LINETO, *[Outline.CURVE4] * 3, Outline.CLOSEPOLY]
    axes.add_patch(PathPatch(Outline(corners, codes), fc=style.SKY, alpha=0.45, lw=0, zorder=1))


def _label(axes: Axes, found: Histories, node: Node, x: float) -> None:
    """What the step is, and how likely force is from there; at its end, how many chains ended so."""
    if node.children:
        share, low, high = (100 * value for value in found.paths.chance(node.path))
        digits = 1 if 99.5 <= share < 100 else 0  # not all of them
        told = f"{share:.{digits}f} % [{low:.0f}, {high:.0f}] of {int(found.paths.sums[node.path][0]):,}"
    else:
        told = f"{node.flow:,} chains" if node.flow > 1 else "1 chain"
    axes.text(
        x + BAR_IN + 0.03, node.middle, f"{words(node.path[-1])}\n{told}", size=5.9, va="center", linespacing=1.05,
        zorder=5, bbox={"fc": "white", "ec": "none", "alpha": 0.6, "pad": 0.3},
    )  # fmt: skip
