"""A patient has their record deleted: asked for, hidden at once, gone after a wait in which they can stop it."""
