"""An identity: its kind, its mesh and its title, from a number."""

from dataclasses import dataclass
from functools import lru_cache

from demos.shared.render.look import Look
from demos.shared.render.mesh import Geometry, Mesh
from demos.vehicles.render.buses import build_bus
from demos.vehicles.render.cars import build_car
from demos.vehicles.render.motorcycles import build_motorcycle
from demos.vehicles.render.trucks import build_truck

KINDS = ("car", "van", "truck", "bus", "motorcycle")
_SHARES = (0.34, 0.08, 0.15, 0.07, 0.36)


@dataclass(frozen=True, eq=False)
class Vehicle:
    """A vehicle; `lean` is how far it may lean to a side, in radians."""

    mesh: Geometry
    kind: str
    title: str
    lean: float = 0


@lru_cache(maxsize=48)
def make_vehicle(identity: int) -> Vehicle:
    """The vehicle of this number, 0 or more."""
    return _make(Look("vehicle", identity))


@lru_cache(maxsize=16)
def make_neighbour(number: int) -> Vehicle:
    """A vehicle that is none of those with an identity."""
    return _make(Look("neighbour", number))


def _make(look: Look) -> Vehicle:
    kind = str(look.rng.choice(KINDS, p=_SHARES))
    mesh = Mesh()
    words = {
        "car": build_car,
        "van": build_car,
        "motorcycle": build_motorcycle,
        "truck": build_truck,
        "bus": build_bus,
    }[kind](mesh, look, kind)
    return Vehicle(
        mesh.finish(), kind, f"A{'n' * (words[0] in 'aeiou')} {words}", 0.09 if kind == "motorcycle" else 0.01
    )
