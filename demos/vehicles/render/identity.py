"""An identity: its kind, its mesh and its title, from a number."""

from dataclasses import dataclass
from functools import lru_cache

from demos.shared.render.look import Look
from demos.shared.render.mesh import Geometry, Mesh
from demos.vehicles.render.cars import build_car

KINDS = ("car", "van", "truck", "bus", "motorcycle")
_SHARES = (0.8, 0.2, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Vehicle:
    """A vehicle; `lean` is how far it may lean to a side, in radians."""

    mesh: Geometry
    kind: str
    title: str
    lean: float = 0


@lru_cache(maxsize=64)
def make_vehicle(identity: int) -> Vehicle:
    """The vehicle of this number."""
    look = Look("vehicle", identity)
    kind = str(look.rng.choice(KINDS, p=_SHARES))
    mesh = Mesh()
    words = {"car": build_car, "van": build_car}[kind](mesh, look, kind)
    return Vehicle(mesh.finish(), kind, f"A{'n' * (words[0] in 'aeiou')} {words}")
