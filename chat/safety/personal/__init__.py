"""Personal data and secrets in a text: what is found, and the placeholders that stand for it.

Pure and deterministic; a finding holds no text. `find_personal` is the way in. The libraries that
check numbers are loaded at its first use. Imports the plain ground.
"""
