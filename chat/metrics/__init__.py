"""Figures of what the site does, as Prometheus and the overview of the admins read them.

Keeps true: labels come from closed sets, never from what people type; nothing is counted for each
token; what a process has counted outlives it, so that a counter never goes backwards because a
process was killed or started again. `counted` names all figures, `slots` holds their values,
`files` joins those of several processes, `exposition` writes them. May import the vendors.
"""
