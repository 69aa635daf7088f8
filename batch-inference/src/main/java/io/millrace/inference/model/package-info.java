/**
 * Models: their description {@code model.yaml}, their files, and ONNX Runtime, which runs them
 * within the process. Nothing of ONNX Runtime leaves this package.
 */
package io.millrace.inference.model;
