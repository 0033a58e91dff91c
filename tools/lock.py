"""Write the locked requirement files anew: `python3 tools/lock.py`, with --upgrade for newer versions.

Runs uv, which `python3 -m app.bootstrap` has put into .tools. The files carry hashes and name no
package index; uv.lock, which does, stays out of the repository. Then `npm install` renews package-lock.json
where package.json has changed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import bootstrap  # noqa: E402  (found through the line above)

EXPORTS = {
    "requirements.lock": ["--no-dev"],
    "requirements-dev.lock": ["--group", "dev"],
    "requirements-build.lock": ["--only-group", "build"],
    "requirements-bootstrap.lock": ["--only-group", "bootstrap"],
}


def main(options: list[str]) -> None:
    """Resolve pyproject.toml and export each group's packages with their hashes."""
    uv = bootstrap.find_uv()
    subprocess.run([uv, "lock", *options], cwd=ROOT, check=True)
    export = [uv, "export", "--quiet", "--locked", "--no-emit-project", "--no-header"]
    for name, group in EXPORTS.items():
        subprocess.run([*export, *group, "--output-file", name], cwd=ROOT, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
