#!/usr/bin/env python3
"""Trains a small anchor-free object detector on a manifest of images with Pascal VOC boxes; README.md tells the rest."""
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
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, Dataset, DistributedSampler

STRIDE = 8  # input pixels a cell of the heat map
SIZE_MULTIPLE = 16  # the deepest layer sees one cell for so many input pixels
SCORE_THRESHOLD = 0.3
NMS_IOU = 0.5
MAX_DETECTIONS = 200
EXIT_BAD_INPUT = 2
EXIT_STOPPED = 128 + signal.SIGTERM


class BadInput(Exception):
    """What the user has to mend, in one sentence."""


# --- the data set -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """One labelled image; boxes are (xmin, ymin, xmax, ymax) in its own pixels."""

    image: Path
    usage: str | None
    names: tuple[str, ...]
    boxes: tuple[tuple[float, float, float, float], ...]


def read_manifest(directory: Path) -> list[Sample]:
    manifests = sorted(directory.glob("*.manifest"))
    if len(manifests) != 1:
        raise BadInput(f"Expected one *.manifest file in {directory}, found {len(manifests)}.")
    samples = []
    for number, line in enumerate(manifests[0].read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                samples += read_line(json.loads(line), directory)
            except (ValueError, KeyError, AttributeError, OSError, ElementTree.ParseError) as error:
                raise BadInput(f"Cannot read line {number} of {manifests[0]}: {error!r}.") from error
    return samples


def read_line(line: dict, directory: Path) -> list[Sample]:
    """The sample of a manifest line; none where nobody has labelled the image yet."""
    annotations = [a for a in line.get("annotation", []) if a.get("type") == "modelarts/object_detection"]
    if not annotations:
        return []
    objects = [o for a in annotations for o in read_voc(local_path(a["annotation-loc"], directory))]
    names, boxes = zip(*objects) if objects else ((), ())
    return [Sample(local_path(line["source"], directory), line.get("usage"), names, boxes)]


def local_path(address: str, directory: Path) -> Path:
    parts = urlsplit(address)
    if parts.scheme not in ("", "file"):
        raise ValueError(f"{address} is not a local file")
    return directory / (unquote(parts.path) if parts.scheme else address)


def read_voc(path: Path) -> list[tuple[str, tuple[float, ...]]]:
    objects = []
    for element in ElementTree.parse(path).iter("object"):
        box = tuple(float(element.findtext(f"bndbox/{side}", "nan")) for side in ("xmin", "ymin", "xmax", "ymax"))
        if box[2] > box[0] and box[3] > box[1]:  # real data holds a few empty boxes
            objects.append((element.findtext("name", "").strip(), box))
    return objects


def split(samples: list[Sample]) -> tuple[list[Sample], list[Sample]]:
    """Training and evaluation samples: everything trains where no line says what it is for."""
    if all(sample.usage is None for sample in samples):
        return samples, []
    return [s for s in samples if s.usage == "TRAIN"], [s for s in samples if s.usage == "EVAL"]


class DetectionDataset(Dataset):
    """Images at the network's size with their boxes, decoded once and kept in memory."""

    def __init__(self, samples: list[Sample], labels: list[str], width: int, height: int):
        self.samples, self.width, self.height = samples, width, height
        self.classes = [torch.tensor([labels.index(n) for n in s.names], dtype=torch.long) for s in samples]
        self.cache: dict[int, tuple[Tensor, Tensor]] = {}

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, Tensor]:
        """Pixels uint8 [3, H, W], boxes float [n, 4] in input pixels, class numbers [n]."""
        if index not in self.cache:
            self.cache[index] = self.decode(self.samples[index])
        return (*self.cache[index], self.classes[index])

    def decode(self, sample: Sample) -> tuple[Tensor, Tensor]:
        with Image.open(sample.image) as image:
            scale = (self.width / image.width, self.height / image.height)
            shrinks = max(scale) <= 1
            resized = image.convert("RGB").resize((self.width, self.height), Image.BOX if shrinks else Image.BILINEAR)
        pixels = torch.from_numpy(np.array(resized)).permute(2, 0, 1).contiguous()
        return pixels, torch.tensor(sample.boxes).reshape(-1, 4) * torch.tensor(scale * 2)


class TrainingDataset(Dataset):
    """A random view of each image, and what the network should answer to it; repeatable for a seed and an epoch."""

    def __init__(self, images: DetectionDataset, label_count: int, seed: int):
        self.images, self.label_count, self.seed, self.epoch = images, label_count, seed, 0

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        pixels, boxes, classes = self.images[index]
        dice = random.Random(f"{self.seed} {self.epoch} {index}")
        image, boxes = pixels.float() / 255, boxes.clone()
        if dice.random() < 0.5:
            image, boxes[:, [0, 2]] = image.flip(2), self.images.width - boxes[:, [2, 0]]
        if dice.random() < 0.5:
            image, boxes[:, [1, 3]] = image.flip(1), self.images.height - boxes[:, [3, 1]]
        contrast, brightness = dice.uniform(0.8, 1.2), dice.uniform(-0.1, 0.1)
        image = ((image - 0.5) * contrast + 0.5 + brightness).clamp(0, 1)
        return (image, *self.target(boxes, classes))

    def target(self, boxes: Tensor, classes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Heat [C, h, w] with a 1 at each centre, and for each cell the box to find [4, h, w] and its weight [h, w]."""
        columns, rows = self.images.width // STRIDE, self.images.height // STRIDE
        heat = torch.zeros(self.label_count, rows, columns)
        if not len(boxes):
            return heat, torch.zeros(4, rows, columns), torch.zeros(rows, columns)
        centre = ((boxes[:, :2] + boxes[:, 2:]) / 2 / STRIDE).floor()
        spread = ((boxes[:, 2:] - boxes[:, :2]) / STRIDE / 10).clamp(min=0.5)
        x = torch.exp(-(((torch.arange(columns) - centre[:, :1]) / spread[:, :1]) ** 2) / 2)
        y = torch.exp(-(((torch.arange(rows) - centre[:, 1:]) / spread[:, 1:]) ** 2) / 2)
        bumps = y[:, :, None] * x[:, None, :]
        for bump, label in zip(bumps, classes):
            heat[label] = torch.maximum(heat[label], bump)
        weight, owner = bumps.max(0)
        return heat, boxes[owner].permute(2, 0, 1), weight * (weight > 0.1)


# --- the network ------------------------------------------------------------------------------------------------------


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


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
        self.fine = nn.Sequential(
            convolution(3, 16, 2), convolution(16, 32, 2), convolution(32, 64, 2), Residual(64))
        self.coarse = nn.Sequential(convolution(64, 96, 2), Residual(96), Residual(96), nn.Conv2d(96, 64, 1))
        self.merge = convolution(64, 64)
        self.heat = nn.Conv2d(64, label_count, 1)
        self.sides = nn.Conv2d(64, 4, 1)
        nn.init.constant_(self.heat.bias, -4.0)  # at first nearly every cell is background
        nn.init.constant_(self.sides.bias, 1.0)
        y, x = torch.meshgrid(torch.arange(height // STRIDE), torch.arange(width // STRIDE), indexing="ij")
        self.register_buffer("cells", (torch.stack([x, y]) + 0.5) * STRIDE, persistent=False)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        fine = self.fine((images - 0.5) / 0.25)
        features = self.merge(fine + F.interpolate(self.coarse(fine), scale_factor=2.0, mode="nearest"))
        left_top, right_bottom = (self.sides(features).clamp(max=5).exp() * STRIDE).split(2, dim=1)
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
    """Focal loss of the heat map (CenterNet) plus generalized IoU loss of the boxes around each centre."""
    centres = (heat == 1).float()
    found, missed = F.logsigmoid(logits), F.logsigmoid(-logits)
    scores = logits.sigmoid()
    focal = -(centres * (1 - scores) ** 2 * found + (1 - heat) ** 4 * scores**2 * missed * (1 - centres))
    overlap = generalized_iou(boxes, target_boxes)
    return focal.sum() / centres.sum().clamp(min=1) + 2 * ((1 - overlap) * weight).sum() / weight.sum().clamp(min=1)


def generalized_iou(first: Tensor, second: Tensor) -> Tensor:
    """Of boxes along dimension 1: their IoU, less the empty share of the rectangle around both."""

    def area(low: Tensor, high: Tensor) -> Tensor:
        return (high - low).clamp(min=0).prod(dim=1)

    (low1, high1), (low2, high2) = first.split(2, dim=1), second.split(2, dim=1)
    shared = area(torch.maximum(low1, low2), torch.minimum(high1, high2))
    union = area(low1, high1) + area(low2, high2) - shared
    hull = area(torch.minimum(low1, low2), torch.maximum(high1, high2)).clamp(min=1e-6)
    return shared / union.clamp(min=1e-6) - (hull - union) / hull


# --- training ---------------------------------------------------------------------------------------------------------


class StopRequest:
    """Inside `with`, SIGTERM only raises a flag, so that a training step is never cut in two."""

    raised = False

    def __enter__(self) -> StopRequest:
        self.previous = signal.signal(signal.SIGTERM, self.on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self.previous)

    def on_signal(self, *_: object) -> None:
        self.raised = True


def join_group(options: argparse.Namespace) -> None:
    """Meets the other ranks at --init_method, else at MASTER_ADDR, else trains alone."""
    if options.init_method:
        dist.init_process_group("gloo", options.init_method, world_size=options.world_size, rank=options.rank)
    elif "MASTER_ADDR" in os.environ:
        dist.init_process_group("gloo")
    else:
        dist.init_process_group("gloo", store=dist.HashStore(), world_size=1, rank=0)
    if "OMP_NUM_THREADS" not in os.environ:
        hosts: list[str | None] = [None] * dist.get_world_size()
        dist.all_gather_object(hosts, socket.gethostname())
        torch.set_num_threads(max(1, usable_cores() // hosts.count(socket.gethostname())))


def usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Training:
    """Model, optimizer and progress; the same on all ranks after every step."""

    def __init__(self, options: argparse.Namespace, labels: list[str], samples: list[Sample]):
        self.options, self.labels = options, labels
        torch.manual_seed(options.seed)
        self.detector = Detector(len(labels), options.image_width, options.image_height)
        self.optimizer = torch.optim.AdamW(self.detector.parameters(), lr=options.learning_rate, weight_decay=0.01)
        self.losses: list[float] = []  # one an epoch
        self.seconds = 0.0  # spent by the epochs above
        self.checkpoint = options.train_url / "checkpoint.pt"
        images = DetectionDataset(samples, labels, options.image_width, options.image_height)
        self.dataset = TrainingDataset(images, len(labels), options.seed)

    def resume(self) -> None:
        """Rank 0 reads the checkpoint for all, as only its node is sure to have the file."""
        state = [torch.load(self.checkpoint) if dist.get_rank() == 0 and self.checkpoint.exists() else None]
        dist.broadcast_object_list(state, src=0)
        if state[0] is None:
            return
        if state[0]["labels"] != self.labels:
            raise BadInput(f"{self.checkpoint} knows the labels {state[0]['labels']} but the manifest has {self.labels}:"
                           " choose another train_url or delete the file.")
        self.detector.load_state_dict(state[0]["model"])
        self.optimizer.load_state_dict(state[0]["optimizer"])
        self.losses, self.seconds = state[0]["losses"], state[0]["seconds"]
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
        seconds_an_epoch = self.seconds / max(epochs, 1)
        spent = 1.0 if self.seconds + seconds_an_epoch > budget else self.seconds / budget
        agreed = torch.tensor(max(epochs / self.options.epochs, spent))
        dist.broadcast(agreed, src=0)
        return agreed.item()

    def run_epoch(self, model: nn.Module, loader: DataLoader, stop: StopRequest) -> None:
        started, total = time.monotonic(), 0.0
        model.train()
        for images, *target in loader:
            loss = detection_loss(*model(images), *target)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            shared = torch.tensor([loss.item(), float(stop.raised)])  # all ranks stop after the same step
            dist.all_reduce(shared)
            total += shared[0].item() / dist.get_world_size()
            if shared[1] > 0:
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


# --- results ----------------------------------------------------------------------------------------------------------


def export(deployed: DeployedDetector, labels: list[str], options: argparse.Namespace) -> None:
    example = torch.zeros(1, 3, options.image_height, options.image_width)
    # Newer releases export through dynamo by default, which needs further packages.
    exporter = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    write_atomically(options.train_url / "model.onnx", lambda path: torch.onnx.export(
        deployed, example, str(path), opset_version=17, input_names=["images"], output_names=["boxes", "scores"],
        dynamic_axes={name: {0: "batch"} for name in ("images", "boxes", "scores")}, **exporter))
    write_text(options.train_url / "model.yaml", f"""\
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
""")


def average_precisions(deployed: DeployedDetector, dataset: DetectionDataset, label_count: int) -> list[float]:
    """AP at IoU 0.5 of each class, with the thresholds of model.yaml; NaN for a class without objects."""
    hits: list[list[tuple[float, bool]]] = [[] for _ in range(label_count)]
    object_counts = [0] * label_count
    for pixels, true_boxes, classes in dataset:
        with torch.no_grad():
            boxes, scores = (output[0].numpy() for output in deployed(pixels[None].float() / 255))
        for label in range(label_count):
            truth = true_boxes[classes == label].numpy()
            kept = suppress(boxes, scores[:, label])
            hits[label] += zip(scores[kept, label], match(boxes[kept], truth))
            object_counts[label] += len(truth)
    return [average_precision(h, n) for h, n in zip(hits, object_counts)]


def suppress(boxes: np.ndarray, scores: np.ndarray) -> list[int]:
    """Non-maximum suppression: numbers of the boxes to keep, best first."""
    order = [i for i in np.argsort(-scores, kind="stable") if scores[i] >= SCORE_THRESHOLD]
    kept: list[int] = []
    for i in order:
        if len(kept) < MAX_DETECTIONS and not (kept and iou(boxes[i], boxes[kept]).max() > NMS_IOU):
            kept.append(i)
    return kept


def match(boxes: np.ndarray, truth: np.ndarray) -> list[bool]:
    """Whether each box, best first, finds an object at IoU 0.5 that no better box has found."""
    taken: set[int] = set()
    found = []
    for box in boxes:
        overlaps = iou(box, truth)
        best = int(overlaps.argmax()) if len(truth) else -1
        found.append(best >= 0 and overlaps[best] >= 0.5 and best not in taken)
        if found[-1]:
            taken.add(best)
    return found


def iou(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    shared = (np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])).clip(0).prod(1)
    return shared / ((box[2:] - box[:2]).prod() + (others[:, 2:] - others[:, :2]).prod(1) - shared)


def average_precision(hits: list[tuple[float, bool]], object_count: int) -> float:
    """Area under the precision envelope over all points of recall (Pascal VOC since 2010)."""
    if object_count == 0:
        return math.nan
    true = np.cumsum([found for _, found in sorted(hits, key=lambda hit: -hit[0])])
    precision = true / np.arange(1, len(true) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(true / object_count, prepend=0) * envelope))


def metrics(losses: list[float], precisions: dict[str, float]) -> list[dict]:
    """In the form that ModelArts shows: key-value pairs and a line chart."""
    values = {f"AP50 {label}": precision for label, precision in precisions.items()}
    if precisions:
        values = {"mAP50": float(np.mean(list(precisions.values()))), **values}
    chart = {"x_axis": [{"title": "epoch", "value": list(range(1, len(losses) + 1))}],
             "y_axis": [{"title": "loss", "value": [round(loss, 4) for loss in losses]}]}
    return [{"key": key, "title": key, "type": "float", "data": {"value": round(value, 4)}} for key, value in values.items()] \
        + [{"key": "loss", "title": "loss", "type": "line chart", "data": chart}]


def write_atomically(path: Path, write) -> None:
    unfinished = path.with_name(path.name + ".tmp")
    write(unfinished)
    os.replace(unfinished, path)


def write_text(path: Path, text: str) -> None:
    write_atomically(path, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))


def log(**fields: object) -> None:
    print(json.dumps(fields, ensure_ascii=False), flush=True)


def main(options: argparse.Namespace) -> None:
    samples = read_manifest(options.data_url)
    training_samples, evaluation_samples = split(samples)
    labels = sorted({name for sample in samples for name in sample.names})
    if not training_samples:
        raise BadInput(f"No labelled line of the manifest in {options.data_url} has the usage TRAIN.")
    if not labels:
        raise BadInput(f"No image of the manifest in {options.data_url} has an object.")
    options.train_url.mkdir(parents=True, exist_ok=True)
    join_group(options)
    training = Training(options, labels, training_samples)
    training.resume()
    training.run()
    if dist.get_rank() > 0:
        return
    deployed = DeployedDetector(training.detector).eval()
    export(deployed, labels, options)
    evaluation = DetectionDataset(evaluation_samples, labels, options.image_width, options.image_height)
    precisions = {label: ap for label, ap in zip(labels, average_precisions(deployed, evaluation, len(labels)))
                  if not math.isnan(ap)}
    write_text(options.train_url / "metrics.json", json.dumps(metrics(training.losses, precisions), ensure_ascii=False, indent=2))
    log(event="finished", epochs=len(training.losses), seconds=round(training.seconds, 1),
        AP50={label: round(ap, 4) for label, ap in precisions.items()})


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data_url", type=Path, required=True, help="directory with one *.manifest")
    parser.add_argument("--train_url", type=Path, required=True, help="directory for checkpoint, model and metrics")
    parser.add_argument("--init_method", help="tcp://HOST:PORT of rank 0; default: MASTER_ADDR, or one process alone")
    parser.add_argument("--world_size", type=int, default=-1, help="number of processes")
    parser.add_argument("--rank", type=int, default=-1, help="number of this process, from 0")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--batch_size", type=int, default=8, help="images a process and step")
    parser.add_argument("--learning_rate", type=float, default=2e-3)
    parser.add_argument("--image_width", type=int, default=320)
    parser.add_argument("--image_height", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max_seconds", type=float, default=math.inf, help="most seconds of training, in whole epochs")
    options = parser.parse_args()
    if options.image_width % SIZE_MULTIPLE or options.image_height % SIZE_MULTIPLE:
        parser.error(f"--image_width and --image_height must be multiples of {SIZE_MULTIPLE}")
    return options


if __name__ == "__main__":
    try:
        main(parse_arguments())
    except BadInput as problem:
        print(f"train.py: {problem}", file=sys.stderr)
        sys.exit(EXIT_BAD_INPUT)
