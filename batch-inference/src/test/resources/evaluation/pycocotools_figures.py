#!/usr/bin/env python3
"""Prints the figures of COCO's own evaluation that DetectionEvaluationSuite expects; needs pycocotools 2.0."""
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

state = 20240607


def dice(below):
    global state
    state = (state * 1103515245 + 12345) % 2147483648
    return state // 65536 % below


def generate():
    """Objects at random, most found with up to 10 pixels of error, some labels wrong, some boxes invented."""
    images, objects, found = [], [], []
    for image in range(1, 21):
        images.append({"id": image, "width": 400, "height": 400})
        for _ in range(dice(6)):
            label, x, y, w, h = 1 + dice(3), dice(300), dice(300), 10 + dice(80), 10 + dice(80)
            objects.append({"id": len(objects) + 1, "image_id": image, "category_id": label, "bbox": [x, y, w, h],
                            "area": w * h, "iscrowd": 0})
            for _ in range(dice(3)):
                dx, dy, dw, dh = (dice(21) - 10 for _ in range(4))
                named = label if dice(10) < 8 else 1 + dice(3)
                found.append({"image_id": image, "category_id": named, "bbox": [x + dx, y + dy, w + dw + 1, h + dh + 1],
                              "score": (1 + dice(50)) / 50})
        for _ in range(dice(3)):
            found.append({"image_id": image, "category_id": 1 + dice(3),
                          "bbox": [dice(300), dice(300), 10 + dice(80), 10 + dice(80)], "score": (1 + dice(50)) / 50})
    return images, objects, found


images, objects, found = generate()
truth = COCO()
truth.dataset = {"images": images, "annotations": objects,
                 "categories": [{"id": label, "name": str(label)} for label in (1, 2, 3)]}
truth.createIndex()
evaluation = COCOeval(truth, truth.loadRes(found), "bbox")
evaluation.evaluate()
evaluation.accumulate()
evaluation.summarize()
precision = evaluation.eval["precision"]  # threshold, recall level, label, area, detections
print(f"{len(objects)} objects, {len(found)} detections; mAP and mAP50 {evaluation.stats[:2]}")
for label in range(3):
    print(f"label {label + 1}: ap {precision[:, :, label, 0, 2].mean()}, ap50 {precision[0, :, label, 0, 2].mean()}")
