"""How a network learns: the loop, what is changed in the pictures, the optimisers, the teacher."""
