"""Policy records: what the four procedures say, as data and words that people publish.

Read in this order: `records` (what a record is), `reading` (files in), `kinds` (which records there are and
what each must hold), `validate` (what is wrong), `loader` (records for the other rooms), `views` (typed).
"""
