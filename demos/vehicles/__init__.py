"""Vehicles: two networks look for the vehicle of your picture among pictures of other cameras."""

from demos import Demo

demo = Demo(
    title="Vehicles",
    question="Which of these is the same vehicle?",
    networks=("vehicles/embedding", "vehicles/baseline"),
    functions=("compare",),
    order=60,
)
