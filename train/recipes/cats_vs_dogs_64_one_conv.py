"""One convolution, cats and dogs at 64 px: .701 of 2,000 test photos (95 %: .6806 to .7207); reported .50.

    python -m train cats_vs_dogs_64_one_conv --data DATA

32 epochs in 62 seconds on two cores of an Intel Xeon, in November 2026. The report stopped after 3 epochs of 640
pictures, at chance.
"""

from train.recipe import Recipe, Reported
from train.schedule import Schedule

RECIPE = Recipe(
    name="cats_vs_dogs_64_one_conv",
    title="Cats and dogs, 64 px, one convolution",
    data="asirra",
    variant="reports",
    height=64,
    width=64,
    network="cats_vs_dogs_64_one_conv",
    schedules={"faithful": Schedule(optimizer="adam", learning_rate=1e-3, batch=32, epochs=32, steps_per_epoch=20)},
    default="faithful",
    reported=Reported(accuracy=0.50, loss=0.6932),
)
