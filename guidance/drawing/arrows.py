"""The lines between boxes: all in one gutter left of them, where they meet no box and no word. Pure."""

from dataclasses import dataclass

from guidance.drawing.shapes import Arrow

TRACK = 11  # between two lines that run side by side
PORT = 12  # between two ends at one box
HEAD = 9
# How far the first end at a box is from its corner.
CORNER = 16


@dataclass(frozen=True)
class Gutter:
    """tracks: {(source, is it a barrier?): place of its line, 0 next to the boxes}."""

    tracks: dict

    @property
    def width(self):
        """0 where nothing waits for anything."""
        return (max(self.tracks.values()) + 1) * TRACK + HEAD + 8 if self.tracks else 0


def gutter(roadmap):
    """Give each line a track of its own, the shortest next to the boxes; lines that never meet share one."""
    places = {step.code: place for place, step in enumerate(roadmap.steps)}
    reach = {}
    for link in roadmap.links:
        ends = reach.setdefault((link.source, link.is_barrier), [places[link.source]])
        ends.append(places[link.target])
    taken, tracks = [], {}
    for trunk, ends in sorted(reach.items(), key=lambda pair: (max(pair[1]) - min(pair[1]), min(pair[1]))):
        first, last = min(ends), max(ends)
        free = (place for place, spans in enumerate(taken) if all(last < one or first > other for one, other in spans))
        place = next(free, len(taken))
        if place == len(taken):
            taken.append([])
        taken[place].append((first, last))
        tracks[trunk] = place
    return Gutter(tracks)


def ports(roadmap, code):
    """How many ends of lines the item's box has: (arriving, leaving)."""
    arriving = sum(link.target == code for link in roadmap.links)
    return arriving, len({link.is_barrier for link in roadmap.links if link.source == code})


def least_height(roadmap, code):
    """The least height of a box at which the ends of its lines keep apart."""
    return 2 * CORNER + PORT * max(sum(ports(roadmap, code)) - 1, 0)


def arrows(roadmap, found, frames):
    """The Arrows between boxes. found: their Gutter; frames: {code: Rect}. The critical ones last, on top."""
    arriving = {code: frame.y + CORNER for code, frame in frames.items()}
    drawn = []
    for link in sorted(roadmap.links, key=lambda link: -found.tracks[link.source, link.is_barrier]):
        source, target = frames[link.source], frames[link.target]
        both = len({one.is_barrier for one in roadmap.links if one.source == link.source}) > 1
        leaves = source.bottom - CORNER - (PORT if both and link.is_barrier else 0)
        track = source.x - HEAD - 4 - TRACK * found.tracks[link.source, link.is_barrier] - TRACK // 2
        drawn.append((link, _arrow(link, source.x, leaves, track, target.x, arriving[link.target])))
        arriving[link.target] += PORT
    return [arrow for link, arrow in sorted(drawn, key=lambda pair: pair[0].critical)]


def _arrow(link, x, leaves, track, end, arrives):
    css = f"map__arrow map__arrow--{'barrier' if link.is_barrier else 'gate'}"
    css += " map__arrow--critical" if link.critical else ""
    neck = end - HEAD
    return Arrow(
        path=f"M{x} {leaves}H{track}V{arrives}H{neck}",
        head=f"{neck},{arrives - 5} {end},{arrives} {neck},{arrives + 5}",
        css=css,
        turns=((x, leaves), (track, leaves), (track, arrives), (end, arrives)),
    )
