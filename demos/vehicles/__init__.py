"""Vehicles: two networks look for the vehicle of your picture among pictures of other cameras."""

from demos import Demo

demo = Demo(
    title="Vehicles",
    question="Which of these is the same vehicle?",
    networks=("vehicles/embedding", "vehicles/baseline"),
    # Rendered: their names say vehicle and camera. All but the last are in the gallery, from other cameras.
    examples={
        "A van": "examples/3000050_c25.webp",
        "A scooter": "examples/3000145_c16.webp",
        "A city bus": "examples/3000022_c16.webp",
        "Not there": "examples/3000917_c0.webp",
    },
    functions=("compare",),
    order=60,
)
