"""Figures that are stored: what happened minute by minute, kept, joined and read.

Keeps true: a row is written in the background, a few seconds after something happened; nobody waits
for it; what is older is joined to few rows, so that a month is read as quickly as an hour. May
import the plain ground and the tables.
"""
