"""Where professionals work: what they say binds refusals, what their organisation says opens permits."""
