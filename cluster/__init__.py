"""Beyond one machine: classifying millions of photos on Ray, with answers as `classify` gives them."""
