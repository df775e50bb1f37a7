"""The ground floor: policy records in, a decision out. Standard library only, no clock, no I/O.

Read in this order: `vocabulary` (the words), `provisions` (one line of a patient's choices), `facts`
(everything a decision may depend on), `decide` (steps 0 to 3), `question`, `rules` (steps 3a to 3k), `choices`,
`loosens`, `memo`.
"""
