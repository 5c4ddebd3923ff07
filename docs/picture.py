"""Draws docs/picture.svg: an expression as it was written and as it is computed; needs Graphviz."""

from __future__ import annotations

from pathlib import Path

import relgraph as rg
import relgraph.numpy as rnp

y, z = rg.vector("y", shape="n"), rg.vector("z", shape="n")
p = 1 / (1 + rnp.exp(-z))
written = -(y * rnp.log(p) + (1 - y) * rnp.log(1 - p))

if __name__ == "__main__":
    drawing = rg.show([written, rg.rewrite(written)], "svg", types=False)
    Path(__file__).with_name("picture.svg").write_text(str(drawing))
