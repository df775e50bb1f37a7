"""Where officers see how each forum stands, stop one at once, and let one go on."""
