"""Hundreds of photos of your own to a served model: `python -m train folder PHOTOS --name NAME`.

The head that `python -m teach` fits is the bar. The last blocks of the trunk are trained on for these photos, and the
model that has them too is taken only where it is right more often on the same held-out photos.
"""
