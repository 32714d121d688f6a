# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the demo shows, one chapter a file, in the order in which it is played:
telling, reading, together, proving, coming_back, taking_back. Each raises Failed where something
does not hold."""
