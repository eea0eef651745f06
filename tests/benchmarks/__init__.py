"""What speed costs and buys: one small scenario written in several ways, and the limit that C sets.

The scenario: 60 units walk straight legs over a square of 400 km, each to a place drawn at random, at 15 to 60 km/h.
A sensor in the middle sees whoever is nearer than 80 km, with a hazard that falls with distance; a unit is seen, once,
when it has met the hazard that was drawn for it at the start.  500 steps of 5 minutes; the outcome is how many were
seen, and when each was.
"""
