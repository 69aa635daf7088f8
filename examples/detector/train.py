#!/usr/bin/env python3
"""Trains a small anchor-free object detector on images with Pascal VOC boxes; README.md tells the rest."""
from __future__ import annotations

import argparse
import inspect
import json
import math
import os
import random
import signal
import socket
import sys
import time
import warnings
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from urllib.parse import unquote, urlsplit

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, Dataset, DistributedSampler

CELL = 8  # input pixels along the side of one cell of the heat map
SHIFT = 2 * CELL  # farthest move of a training image, in pixels
SCORE_THRESHOLD, NMS_IOU, MAX_DETECTIONS = 0.3, 0.5, 200
EXIT_BAD_INPUT, EXIT_STOPPED = 2, 128 + signal.SIGTERM


class BadInput(Exception):
    """What the user has to mend, in one sentence."""


@dataclass(frozen=True)
class Sample:
    """One labelled image; its boxes are (xmin, ymin, xmax, ymax) in its own pixels."""

    image: Path
    usage: str | None
    names: tuple[str, ...]
    boxes: tuple[tuple[float, ...], ...]


def read_manifest(directory: Path) -> list[Sample]:
    """The labelled lines; an image that nobody has labelled yet teaches nothing."""
    manifests = sorted(directory.glob("*.manifest"))
    if len(manifests) != 1:
        raise BadInput(f"Expected one *.manifest file in {directory}, found {len(manifests)}.")
    samples = []
    for number, line in enumerate(manifests[0].read_text(encoding="utf-8").split("\n"), start=1):
        try:
            row = json.loads(line) if line.strip() else {}
            labelled = [a for a in row.get("annotation", []) if a["type"] == "modelarts/object_detection"]
            objects = [o for a in labelled for o in read_voc(local_path(a["annotation-loc"], directory))]
            if labelled:
                names, boxes = zip(*objects) if objects else ((), ())
                samples.append(Sample(local_path(row["source"], directory), row.get("usage"), names, boxes))
        except (ValueError, KeyError, TypeError, AttributeError, OSError, ElementTree.ParseError) as error:
            raise BadInput(f"Cannot read line {number} of {manifests[0]}: {error!r}.") from error
    return samples


def local_path(address: str, directory: Path) -> Path:
    parts = urlsplit(address)
    if parts.scheme not in ("", "file"):
        raise ValueError(f"{address} is not a local file")
    return directory / (unquote(parts.path) if parts.scheme else address)


def read_voc(path: Path) -> list[tuple[str, tuple[float, ...]]]:
    objects = []
    for element in ElementTree.parse(path).iter("object"):
        box = tuple(float(element.findtext(f"bndbox/{side}", "nan")) for side in ("xmin", "ymin", "xmax", "ymax"))
        if box[2] > box[0] and box[3] > box[1]:  # real data sets hold a few empty boxes
            objects.append((element.findtext("name", "").strip(), box))
    return objects


class DetectionDataset(Dataset):
    """Images at the network's size with their boxes, decoded once and kept in memory."""

    def __init__(self, samples: list[Sample], labels: list[str], width: int, height: int):
        self.samples, self.width, self.height = samples, width, height
        self.classes = [torch.tensor([labels.index(n) for n in s.names], dtype=torch.long) for s in samples]
        self.decoded: dict[int, tuple[Tensor, Tensor]] = {}

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, Tensor]:
        """Pixels [3, H, W] in 0..1, boxes [n, 4] in input pixels, class numbers [n]."""
        if index not in self.decoded:
            self.decoded[index] = self.decode(self.samples[index])
        pixels, boxes = self.decoded[index]
        return pixels.float() / 255, boxes, self.classes[index]

    def decode(self, sample: Sample) -> tuple[Tensor, Tensor]:
        with Image.open(sample.image) as image:
            scale = (self.width / image.width, self.height / image.height)
            method = Image.BOX if max(scale) <= 1 else Image.BILINEAR
            resized = np.array(image.convert("RGB").resize((self.width, self.height), method))
        return torch.from_numpy(resized).permute(2, 0, 1).contiguous(), \
            torch.tensor(sample.boxes).reshape(-1, 4) * torch.tensor(scale * 2)


class TrainingDataset(Dataset):
    """A random view of each image and the answer wanted for it: always the same for a seed, an epoch and an image."""

    def __init__(self, images: DetectionDataset, label_count: int, seed: int):
        self.images, self.label_count, self.seed, self.epoch = images, label_count, seed, 0

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        image, boxes, classes = self.images[index]
        dice = random.Random(f"{self.seed} {self.epoch} {index}")
        width, height = self.images.width, self.images.height
        right, down = dice.randint(-SHIFT, SHIFT), dice.randint(-SHIFT, SHIFT)
        image = F.pad(image, (right, -right, down, -down), value=0.5)
        boxes = (boxes + torch.tensor([right, down] * 2)).clamp(min=0).minimum(torch.tensor([width, height] * 2))
        if dice.random() < 0.5:
            image, boxes[:, [0, 2]] = image.flip(2), width - boxes[:, [2, 0]]
        if dice.random() < 0.5:
            image, boxes[:, [1, 3]] = image.flip(1), height - boxes[:, [3, 1]]
        image = ((image - 0.5) * dice.uniform(0.8, 1.2) + 0.5 + dice.uniform(-0.1, 0.1)).clamp(0, 1)
        visible = (boxes[:, 2:] - boxes[:, :2]).amin(dim=1) > 3  # the shift leaves slivers of some objects, or nothing
        return (image, *self.target(boxes[visible], classes[visible]))

    def target(self, boxes: Tensor, classes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Heat [C, h, w] with a 1 at each centre, and for each cell the box to find [4, h, w] and its weight [h, w]."""
        columns, rows = self.images.width // CELL, self.images.height // CELL
        heat = torch.zeros(self.label_count, rows, columns)
        if not len(boxes):
            return heat, torch.zeros(4, rows, columns), torch.zeros(rows, columns)
        centre = ((boxes[:, :2] + boxes[:, 2:]) / 2 / CELL).floor()
        spread = ((boxes[:, 2:] - boxes[:, :2]) / CELL / 10).clamp(min=0.5)
        x = torch.exp(-(((torch.arange(columns) - centre[:, :1]) / spread[:, :1]) ** 2) / 2)
        y = torch.exp(-(((torch.arange(rows) - centre[:, 1:]) / spread[:, 1:]) ** 2) / 2)
        bumps = y[:, :, None] * x[:, None, :]
        for bump, label in zip(bumps, classes):
            heat[label] = torch.maximum(heat[label], bump)
        weight, owner = bumps.max(0)
        return heat, boxes[owner].permute(2, 0, 1), weight * (weight > 0.1)


def convolution(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    layer = nn.Conv2d(inputs, outputs, kernel, stride, padding=(kernel - 1) // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Residual(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.body = nn.Sequential(convolution(channels, channels), convolution(channels, channels))

    def forward(self, features: Tensor) -> Tensor:
        return features + self.body(features)


class Detector(nn.Module):
    """RGB images in 0..1 -> heat-map logits [N, C, h, w] and boxes [N, 4, h, w] (xyxy in input pixels)."""

    def __init__(self, label_count: int, width: int, height: int):
        super().__init__()
        # One wide first kernel is several times faster on a CPU than two small ones at higher resolution.
        self.fine = nn.Sequential(convolution(3, 32, kernel=8, stride=4), convolution(32, 64, stride=2), Residual(64))
        self.coarse = nn.Sequential(
            convolution(64, 96, stride=2), Residual(96), Residual(96), convolution(96, 64), nn.Upsample(scale_factor=2))
        self.merge = convolution(64, 64)
        self.heat = nn.Conv2d(64, label_count, 1)
        self.sides = nn.Conv2d(64, 4, 1)
        nn.init.constant_(self.heat.bias, -4.0)  # at first nearly every cell is background
        nn.init.constant_(self.sides.bias, 1.0)
        y, x = torch.meshgrid(torch.arange(height // CELL), torch.arange(width // CELL), indexing="ij")
        self.register_buffer("cells", (torch.stack([x, y]) + 0.5) * CELL, persistent=False)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        fine = self.fine((images - 0.5) / 0.25)
        features = self.merge(fine + self.coarse(fine))
        left_top, right_bottom = (self.sides(features).clamp(-5, 5).exp() * CELL).chunk(2, dim=1)
        return self.heat(features), torch.cat([self.cells - left_top, self.cells + right_bottom], dim=1)


class DeployedDetector(nn.Module):
    """The exported form: boxes [N, K, 4] and scores [N, K, C], K = all cells; a score survives only where it peaks."""

    def __init__(self, detector: Detector):
        super().__init__()
        self.detector = detector

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        logits, boxes = self.detector(images)
        scores = logits.sigmoid()
        peaks = (scores == F.max_pool2d(scores, 3, stride=1, padding=1)).float()
        return boxes.flatten(2).transpose(1, 2), (scores * peaks).flatten(2).transpose(1, 2)


def detection_loss(logits: Tensor, boxes: Tensor, heat: Tensor, target_boxes: Tensor, weight: Tensor) -> Tensor:
    """CenterNet's focal loss of the heat map, plus the generalized IoU loss of the boxes around each centre."""
    centres, scores = (heat == 1).float(), logits.sigmoid()
    hits = centres * (1 - scores) ** 2 * F.logsigmoid(logits)
    misses = (1 - heat) ** 4 * scores**2 * F.logsigmoid(-logits)
    box_loss = ((1 - generalized_iou(boxes, target_boxes)) * weight).sum() / weight.sum().clamp(min=1)
    return 2 * box_loss - (hits + misses).sum() / centres.sum().clamp(min=1)


def generalized_iou(first: Tensor, second: Tensor) -> Tensor:
    """Of boxes along dimension 1: their IoU, less the empty share of the rectangle around both."""
    (low1, high1), (low2, high2) = first.chunk(2, dim=1), second.chunk(2, dim=1)
    shared = (torch.minimum(high1, high2) - torch.maximum(low1, low2)).clamp(min=0).prod(dim=1)
    union = (high1 - low1).prod(dim=1) + (high2 - low2).prod(dim=1) - shared
    hull = (torch.maximum(high1, high2) - torch.minimum(low1, low2)).prod(dim=1)
    return shared / union - (hull - union) / hull


def join_group(options: argparse.Namespace) -> None:
    """Meets the other ranks at --init_method or MASTER_ADDR, else trains alone; ranks on one host share its cores."""
    if options.init_method:
        dist.init_process_group("gloo", options.init_method, world_size=options.world_size, rank=options.rank)
    elif "MASTER_ADDR" in os.environ:
        dist.init_process_group("gloo")
    else:
        dist.init_process_group("gloo", store=dist.HashStore(), world_size=1, rank=0)
    hosts: list[str] = [""] * dist.get_world_size()
    dist.all_gather_object(hosts, socket.gethostname())
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(max(1, torch.get_num_threads() // hosts.count(socket.gethostname())))


class StopRequest:
    """Inside `with`, SIGTERM only raises a flag, so that no training step is cut in two."""

    raised = False

    def __enter__(self) -> StopRequest:
        self.previous = signal.signal(signal.SIGTERM, lambda *_: setattr(self, "raised", True))
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self.previous)


class Training:
    """Model, optimizer and progress: the same on all ranks after every step."""

    def __init__(self, options: argparse.Namespace, labels: list[str], samples: list[Sample]):
        self.options, self.labels = options, labels
        images = DetectionDataset(samples, labels, options.image_width, options.image_height)
        self.dataset = TrainingDataset(images, len(labels), options.seed)
        torch.manual_seed(options.seed)
        self.detector = Detector(len(labels), options.image_width, options.image_height)
        self.optimizer = torch.optim.AdamW(self.detector.parameters(), lr=options.learning_rate)
        self.losses: list[float] = []  # one an epoch
        self.seconds = 0.0  # that these epochs took
        self.checkpoint = options.train_url / "checkpoint.pt"

    def resume(self) -> None:
        """Rank 0 reads the checkpoint for all ranks, as only its node is sure to have the file."""
        found = dist.get_rank() == 0 and self.checkpoint.exists()
        states = [torch.load(self.checkpoint) if found else None]
        dist.broadcast_object_list(states, src=0)
        state = states[0]
        if state is None:
            return
        if state["labels"] != self.labels:
            raise BadInput(f"{self.checkpoint} was trained for {state['labels']} but the manifest has {self.labels}.")
        self.detector.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.losses, self.seconds = state["losses"], state["seconds"]
        log(event="resumed", epoch=len(self.losses))

    def save(self) -> None:
        if dist.get_rank() == 0:
            state = {"model": self.detector.state_dict(), "optimizer": self.optimizer.state_dict(),
                     "epoch": len(self.losses), "labels": self.labels, "losses": self.losses, "seconds": self.seconds}
            write_atomically(self.checkpoint, lambda path: torch.save(state, path))

    def run(self) -> None:
        """Trains until the epochs or the seconds are used up; leaves by SystemExit when asked to stop."""
        model = DistributedDataParallel(self.detector)
        sampler = DistributedSampler(self.dataset, seed=self.options.seed)
        loader = DataLoader(self.dataset, self.options.batch_size, sampler=sampler)
        with StopRequest() as stop:
            while (progress := self.progress()) < 1:
                for group in self.optimizer.param_groups:
                    group["lr"] = self.options.learning_rate * (1 + math.cos(math.pi * progress)) / 2
                self.dataset.epoch = len(self.losses)
                sampler.set_epoch(len(self.losses))
                self.run_epoch(model, loader, stop)

    def progress(self) -> float:
        """Share of the training that is done, by rank 0's clock; 1 also where one more epoch would break the budget."""
        epochs, budget = len(self.losses), self.options.max_seconds
        after_next = self.seconds + self.seconds / max(epochs, 1)
        spent = self.seconds / budget if after_next <= budget else 1
        agreed = torch.tensor(float(max(epochs / self.options.epochs, spent)))
        dist.broadcast(agreed, src=0)
        return agreed.item()

    def run_epoch(self, model: nn.Module, loader: DataLoader, stop: StopRequest) -> None:
        started, total = time.monotonic(), 0.0
        for images, *target in loader:
            loss = detection_loss(*model(images), *target)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            shared = torch.tensor([loss.item(), float(stop.raised)])
            dist.all_reduce(shared)
            total += shared[0].item() / dist.get_world_size()
            if shared[1] > 0:  # so all ranks stop after the same step
                self.save()
                log(event="stopped", epoch=len(self.losses))
                sys.exit(EXIT_STOPPED)
        seconds = time.monotonic() - started
        self.losses.append(total / len(loader))
        self.seconds += seconds
        self.save()
        if dist.get_rank() == 0:
            log(event="epoch", epoch=len(self.losses), loss=round(self.losses[-1], 4),
                images_per_second=round(len(self.dataset) / seconds, 1))


def export(deployed: DeployedDetector, labels: list[str], options: argparse.Namespace) -> None:
    example = torch.zeros(1, 3, options.image_height, options.image_width)
    # Newer releases export through dynamo unless told otherwise, which needs further packages.
    classic = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    axes = {name: {0: "batch"} for name in ("images", "boxes", "scores")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's remarks on its own inner workings
        write_atomically(options.train_url / "model.onnx", lambda path: torch.onnx.export(
            deployed, example, str(path), opset_version=17, input_names=["images"], output_names=["boxes", "scores"],
            dynamic_axes=axes, **classic))
    description = f"""\
model: model.onnx
task: object_detection
input:
  name: images
  width: {options.image_width}
  height: {options.image_height}
  layout: NCHW
  color: RGB
  resize: stretch
  scale: {1 / 255}
  mean: [0.0, 0.0, 0.0]
  std: [1.0, 1.0, 1.0]
output:
  boxes: boxes
  scores: scores
  score_threshold: {SCORE_THRESHOLD}
  nms_iou: {NMS_IOU}
  max_detections: {MAX_DETECTIONS}
labels: {json.dumps(labels, ensure_ascii=False)}
"""
    write_atomically(options.train_url / "model.yaml", lambda path: path.write_text(description, encoding="utf-8"))


@torch.no_grad()
def average_precisions(deployed: DeployedDetector, dataset: DetectionDataset, labels: list[str]) -> dict[str, float]:
    """AP at IoU 0.5 of each label that has objects, with the thresholds of model.yaml."""
    found: dict[str, list[tuple[float, bool]]] = {label: [] for label in labels}
    object_counts = dict.fromkeys(labels, 0)
    for index in range(len(dataset)):
        pixels, true_boxes, classes = dataset[index]
        boxes, scores = (output[0].numpy() for output in deployed(pixels[None]))
        for number, label in enumerate(labels):
            truth = true_boxes[classes == number].numpy()
            kept = suppress(boxes, scores[:, number])
            found[label] += zip(scores[kept, number], match(boxes[kept], truth))
            object_counts[label] += len(truth)
    return {label: average_precision(found[label], count) for label, count in object_counts.items() if count}


def suppress(boxes: np.ndarray, scores: np.ndarray) -> list[int]:
    """Non-maximum suppression: numbers of the boxes to keep, best first."""
    kept: list[int] = []
    for i in np.argsort(-scores, kind="stable"):
        if scores[i] < SCORE_THRESHOLD or len(kept) == MAX_DETECTIONS:
            break
        if (iou(boxes[i], boxes[kept]) <= NMS_IOU).all():
            kept.append(i)
    return kept


def match(boxes: np.ndarray, truth: np.ndarray) -> list[bool]:
    """Whether each box, best first, meets an object at IoU 0.5 that no better box has taken."""
    free = np.ones(len(truth), dtype=bool)
    hits = []
    for box in boxes:
        overlaps = iou(box, truth)
        best = int(overlaps.argmax()) if len(truth) else -1
        hits.append(best >= 0 and bool(overlaps[best] >= 0.5 and free[best]))
        if hits[-1]:
            free[best] = False
    return hits


def iou(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    shared = (np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])).clip(0).prod(axis=1)
    return shared / ((box[2:] - box[:2]).prod() + (others[:, 2:] - others[:, :2]).prod(axis=1) - shared)


def average_precision(found: list[tuple[float, bool]], object_count: int) -> float:
    """Area under the precision envelope over all points of recall (Pascal VOC since 2010)."""
    hits = np.cumsum([hit for _, hit in sorted(found, key=lambda pair: -pair[0])])
    precision = hits / np.arange(1, len(hits) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(hits / object_count, prepend=0) * envelope))


def metrics(losses: list[float], precisions: dict[str, float]) -> list[dict]:
    """In the forms that ModelArts shows: key-value pairs and a line chart."""
    values = {f"AP50 {label}": precision for label, precision in precisions.items()}
    if precisions:
        values = {"mAP50": float(np.mean(list(precisions.values()))), **values}
    chart = {"x_axis": [{"title": "epoch", "value": list(range(1, len(losses) + 1))}],
             "y_axis": [{"title": "loss", "value": [round(loss, 4) for loss in losses]}]}
    pairs = [{"key": name, "title": name, "type": "float", "data": {"value": round(value, 4)}}
             for name, value in values.items()]
    return [*pairs, {"key": "loss", "title": "loss", "type": "line chart", "data": chart}]


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    unfinished = path.with_name(path.name + ".tmp")
    write(unfinished)
    os.replace(unfinished, path)


def log(**fields: object) -> None:
    print(json.dumps(fields, ensure_ascii=False), flush=True)


def main(options: argparse.Namespace) -> None:
    samples = read_manifest(options.data_url)
    labels = sorted({name for sample in samples for name in sample.names})
    if not labels:
        raise BadInput(f"No image of the manifest in {options.data_url} has an object.")
    everything_trains = all(sample.usage is None for sample in samples)
    training_samples = [sample for sample in samples if everything_trains or sample.usage == "TRAIN"]
    if not training_samples:
        raise BadInput(f"No labelled image of the manifest in {options.data_url} has the usage TRAIN.")

    options.train_url.mkdir(parents=True, exist_ok=True)
    join_group(options)
    training = Training(options, labels, training_samples)
    training.resume()
    training.run()
    if dist.get_rank() > 0:
        return

    deployed = DeployedDetector(training.detector).eval()
    export(deployed, labels, options)
    evaluation_samples = [sample for sample in samples if sample.usage == "EVAL"]
    evaluation = DetectionDataset(evaluation_samples, labels, options.image_width, options.image_height)
    precisions = average_precisions(deployed, evaluation, labels)
    report = json.dumps(metrics(training.losses, precisions), ensure_ascii=False, indent=2)
    write_atomically(options.train_url / "metrics.json", lambda path: path.write_text(report, encoding="utf-8"))
    log(event="finished", epochs=len(training.losses), seconds=round(training.seconds, 1),
        AP50={label: round(precision, 4) for label, precision in precisions.items()})


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data_url", type=Path, required=True, help="directory with one *.manifest")
    parser.add_argument("--train_url", type=Path, required=True, help="directory for checkpoint, model and metrics")
    parser.add_argument("--init_method", help="tcp://HOST:PORT of rank 0; default: MASTER_ADDR, or one process alone")
    parser.add_argument("--world_size", type=int, default=-1, help="number of processes")
    parser.add_argument("--rank", type=int, default=-1, help="number of this process, from 0")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch_size", type=int, default=8, help="images a process and step")
    parser.add_argument("--learning_rate", type=float, default=2e-3)
    parser.add_argument("--image_width", type=int, default=320)
    parser.add_argument("--image_height", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max_seconds", type=float, default=math.inf, help="most seconds of training, in whole epochs")
    options = parser.parse_args()
    if options.image_width % (2 * CELL) or options.image_height % (2 * CELL):
        parser.error(f"--image_width and --image_height must be multiples of {2 * CELL}")
    if options.init_method and not 0 <= options.rank < options.world_size:
        parser.error("--init_method needs --world_size and a --rank below it")
    return options


if __name__ == "__main__":
    try:
        main(parse_arguments())
    except BadInput as problem:
        print(f"train.py: {problem}", file=sys.stderr)
        sys.exit(EXIT_BAD_INPUT)
