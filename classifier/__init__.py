"""Everything that happens to one photo: untrusted bytes in, a calibrated prediction out. No TensorFlow here."""
