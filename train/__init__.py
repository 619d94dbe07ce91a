"""Everything that makes a model. TensorFlow and Keras live here and nowhere else.

A recipe is walked in `train/way.py`, a step a file: load.py, fit.py, calibrate.py, export.py, measure.py, write.py.
"""
