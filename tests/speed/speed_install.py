"""What `pip install vg1core` brings: megabytes on disk with all it needs, and that torch is not among it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_size(tmp_path):
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(tmp_path / "site"), str(ROOT)], check=True)
    size = sum(path.stat().st_size for path in (tmp_path / "site").rglob("*") if path.is_file()) / 1e6
    packages = sorted(path.name.partition("-")[0] for path in (tmp_path / "site").glob("*.dist-info"))
    print(f"\nvg1core and what it needs: {size:.1f} MB (under 60): {', '.join(packages)}")
    assert "vg1core" in packages
    assert "torch" not in packages
    assert size < 60
