"""PD Pulse's domain: a survey export becomes a school's needs. Knows no web framework.

.github/CONTRIBUTING.md has the map: what each folder does, and which others it may import.
"""

import os

# Its matrices are small, and a server has many visitors: more threads for one of them would only wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
