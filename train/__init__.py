"""Everything that makes a model. TensorFlow and Keras live here and nowhere else."""
