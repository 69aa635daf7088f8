#!/usr/bin/env python3
"""Reads a published version of labelled images into MindSpore; README.md tells the rest."""
import json
import sys
from collections import Counter
from urllib.parse import unquote, urlsplit

import numpy as np
from mindspore import dataset
from PIL import Image


class Version:
    """The labelled images of one usage (None: of any), each as (pixels 3 x size x size in 0..1, class)."""

    def __init__(self, manifest, usage=None, size=32):
        with open(manifest, encoding="utf-8") as lines:
            rows = [row for row in map(json.loads, lines) if row.get("annotation") and usage in (None, row.get("usage"))]
        self.classes = sorted({row["annotation"][0]["name"] for row in rows})
        self.samples = [(row["source"], self.classes.index(row["annotation"][0]["name"])) for row in rows]
        self.size = size

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        source, number = self.samples[index]
        with Image.open(unquote(urlsplit(source).path) if source.startswith("file:") else source) as image:
            pixels = np.array(image.convert("RGB").resize((self.size, self.size)), dtype=np.float32)
        return pixels.transpose(2, 0, 1) / np.float32(255), np.array(number, dtype=np.int32)


def main(manifest, usage=None):
    version = Version(manifest, usage)
    # One worker within this process: what it reads is small, and processes cost more than they bring.
    batches = dataset.GeneratorDataset(
        version, ["image", "label"], shuffle=False, num_parallel_workers=1, python_multiprocessing=False
    ).batch(4)
    counts, total = Counter(), np.zeros(3)
    for pixels, numbers in batches.create_tuple_iterator(num_epochs=1, output_numpy=True):
        counts.update(version.classes[number] for number in numbers.tolist())
        total += pixels.astype(np.float64).mean(axis=(2, 3)).sum(axis=0)
    mean = [round(value, 3) for value in (total / max(1, len(version))).tolist()]
    print(json.dumps({"samples": len(version), "labels": dict(sorted(counts.items())), "mean_rgb": mean}))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: mindspore_reader.py MANIFEST [USAGE]")
    main(*sys.argv[1:])
