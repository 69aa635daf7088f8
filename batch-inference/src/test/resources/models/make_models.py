#!/usr/bin/env python3
"""Writes the small ONNX models of the tests; needs the package `onnx`. Run it in this directory.

detector.onnx    input images [N,3,8,8], RGB 0..1. Two fixed proposals an image: the left and the right half. The score
                 of label 0 is the mean red of that half, of label 1 its mean green.
classifier.onnx  input images [N,3,4,4], RGB 0..1. The logits are 10 x the mean of red, of green and of blue.
fixed.onnx       the classifier with a batch dimension of 2.
glaring.onnx     the classifier, which fails on a batch that holds a white image.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT = TensorProto.FLOAT


def constant(name, values, dtype=np.float32):
    return numpy_helper.from_array(np.array(values, dtype=dtype), name)


def save(name, nodes, inputs, outputs, constants):
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, f"{name}.onnx")


def detector():
    halves = constant("halves", np.stack([np.eye(8)[:, :4].sum(1), np.eye(8)[:, 4:].sum(1)], 1) / 4)  # [8, 2]
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["columns"], axes=[2], keepdims=0),  # [N, 3, 8]
        helper.make_node("MatMul", ["columns", "halves"], ["means"]),  # [N, 3, 2]
        helper.make_node("Slice", ["means", "zero", "two", "one"], ["red_green"]),  # [N, 2, 2]
        helper.make_node("Transpose", ["red_green"], ["scores"], perm=[0, 2, 1]),  # [N, proposal, label]
        helper.make_node("Mul", ["scores", "nothing"], ["blank"]),
        helper.make_node("Concat", ["blank", "blank"], ["four_zeros"], axis=2),
        helper.make_node("Add", ["four_zeros", "fixed"], ["boxes"]),
    ]
    save("detector", nodes,
         [helper.make_tensor_value_info("images", FLOAT, ["batch", 3, 8, 8])],
         [helper.make_tensor_value_info("boxes", FLOAT, ["batch", 2, 4]),
          helper.make_tensor_value_info("scores", FLOAT, ["batch", 2, 2])],
         [halves, constant("zero", [0], np.int64), constant("two", [2], np.int64), constant("one", [1], np.int64),
          constant("nothing", 0), constant("fixed", [[0, 0, 4, 8], [4, 0, 8, 8]])])


def classifier(name, batch, extra_nodes=(), extra_constants=(), last="logits"):
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["means"], axes=[2, 3], keepdims=0),
        helper.make_node("Mul", ["means", "ten"], [last]),
        *extra_nodes,
    ]
    save(name, nodes,
         [helper.make_tensor_value_info("images", FLOAT, [batch, 3, 4, 4])],
         [helper.make_tensor_value_info("logits", FLOAT, [batch, 3])],
         [constant("ten", 10), *extra_constants])


def glaring():
    # Gather with an index out of range fails at run time.
    classifier("glaring", "batch", [
        helper.make_node("ReduceMin", ["plain"], ["darkest_color"], axes=[1], keepdims=0),
        helper.make_node("Greater", ["darkest_color", "white"], ["is_white"]),
        helper.make_node("Where", ["is_white", "nowhere", "first"], ["index"]),
        helper.make_node("Gather", ["table", "index"], ["offset"], axis=0),
        helper.make_node("Unsqueeze", ["offset", "axis"], ["offsets"]),
        helper.make_node("Add", ["plain", "offsets"], ["logits"]),
    ], [constant("white", 9.9), constant("first", 0, np.int64), constant("nowhere", -7, np.int64),
        constant("table", [0, 0]), constant("axis", [1], np.int64)], last="plain")


if __name__ == "__main__":
    detector()
    classifier("classifier", "batch")
    classifier("fixed", 2)
    glaring()
