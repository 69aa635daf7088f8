#!/usr/bin/env python3
"""Reads a published version of labelled images into PyTorch; README.md tells the rest."""
import json
import sys
from collections import Counter
from urllib.parse import unquote, urlsplit

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Version(Dataset):
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
        return torch.from_numpy(pixels).permute(2, 0, 1) / 255, number


def main(manifest, usage=None):
    version = Version(manifest, usage)
    counts, total = Counter(), torch.zeros(3, dtype=torch.float64)
    for pixels, numbers in DataLoader(version, batch_size=4):
        counts.update(version.classes[number] for number in numbers.tolist())
        total += pixels.double().mean(dim=(2, 3)).sum(dim=0)
    mean = [round(value, 3) for value in (total / max(1, len(version))).tolist()]
    print(json.dumps({"samples": len(version), "labels": dict(sorted(counts.items())), "mean_rgb": mean}))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: torch_reader.py MANIFEST [USAGE]")
    main(*sys.argv[1:])
