"""What the CIFAR recipes have in common."""

from train.schedule import Augmentation, Plateau, Schedule

NOTE = (
    "It learned from pictures of 32 by 32 pixels that show one thing each; a photo is made that small before it looks."
)

# The reports' own: hours on two cores, not run.
FAITHFUL = Schedule(
    optimizer="adam",
    learning_rate=2e-3,
    batch=128,
    epochs=100,
    l2=1e-4,  # the reports say that there is one, not how large
    early_stopping=25,
    plateau=Plateau(patience=10, factor=0.5, floor=1e-6),
    augmentation=Augmentation(flip=True, rotation=20, shift=0.1),
)
# The reports' networks in half an hour: one cycle of Muon (Jordan 2024), averaged weights.
FAST = Schedule(
    optimizer="muon",
    learning_rate=4e-3,
    batch=256,
    epochs=80,
    one_cycle=True,
    weight_decay=0.05,
    average=0.995,
    half_precision=True,
    augmentation=Augmentation(flip=True, shift=0.1, rotation=5),
)
# Our networks, after airbench94_muon (Jordan 2024), with a quarter of its batch, half its rate, many more epochs, and
# stronger changes to the pictures: shifts of 4 pixels and a grey square of 12. Beside a teacher, whose chances are
# smooth labels already (train/learning/student.py).
TAUGHT = Schedule(
    optimizer="normalized_muon",
    learning_rate=0.12,
    batch=500,
    epochs=28,
    linear=True,
    teachers=("lite0",),
    temperature=4.0,
    likeness=2.0,
    half_precision=True,
    augmentation=Augmentation(flip=True, shift=4 / 32, erase=0.375),
)
