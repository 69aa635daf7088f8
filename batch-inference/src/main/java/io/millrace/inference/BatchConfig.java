package io.millrace.inference;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.FailureLimit;
import io.millrace.dataset.StorageUri;

/**
 * What is scored, by which model, and where the results go.
 *
 * @param model a directory with {@code model.yaml}, that file, or an {@code .onnx} file beside it
 * @param output the directory for the manifest, the answers and the table; never inside the input
 * @param maxFailures more failed inputs than this make the task fail, after all were tried
 * @param batchSize images that the model gets at once, 1 to 1024; a model with a fixed batch
 *     dimension gets as many as it says
 * @param intraOpThreads threads that the model uses within one call, 1 to 64; the tasks of an
 *     executor call it side by side, so that 1 keeps every core busy
 * @param manifestBytes size over which the result manifest goes on in {@code _1}, {@code _2} ...
 */
public record BatchConfig(
    TaskId taskId,
    StorageUri model,
    BatchInput input,
    StorageUri output,
    FailureLimit maxFailures,
    int batchSize,
    int intraOpThreads,
    long manifestBytes) {
  public static final FailureLimit DEFAULT_MAX_FAILURES = FailureLimit.UNLIMITED;
  public static final int DEFAULT_BATCH_SIZE = 8;
  public static final int DEFAULT_INTRA_OP_THREADS = 1;
  public static final long DEFAULT_MANIFEST_BYTES = 64L * 1024 * 1024;

  public BatchConfig {
    requireNonNull(taskId, "taskId is null");
    requireNonNull(model, "model is null");
    requireNonNull(input, "input is null");
    requireNonNull(output, "output is null");
    requireNonNull(maxFailures, "maxFailures is null");
    checkArgument(
        !output.isContent() && output.scheme() != StorageUri.Scheme.HTTPS,
        "Invalid output: %s (expected a directory)",
        output);
    checkArgument(
        batchSize >= 1 && batchSize <= 1024,
        "Invalid batch-size: %s (expected 1 to 1024)",
        batchSize);
    checkArgument(
        intraOpThreads >= 1 && intraOpThreads <= 64,
        "Invalid intra-op-threads: %s (expected 1 to 64)",
        intraOpThreads);
    checkArgument(
        manifestBytes >= 1 && manifestBytes <= 1L << 30,
        "Invalid manifest-bytes: %s (expected 1 to 1073741824)",
        manifestBytes);
  }

  /** A task with every setting at its default. */
  public static BatchConfig of(
      TaskId taskId, StorageUri model, BatchInput input, StorageUri output) {
    return new BatchConfig(
        taskId,
        model,
        input,
        output,
        DEFAULT_MAX_FAILURES,
        DEFAULT_BATCH_SIZE,
        DEFAULT_INTRA_OP_THREADS,
        DEFAULT_MANIFEST_BYTES);
  }

  public BatchConfig withMaxFailures(FailureLimit limit) {
    return new BatchConfig(
        taskId, model, input, output, limit, batchSize, intraOpThreads, manifestBytes);
  }

  public BatchConfig withBatchSize(int images) {
    return new BatchConfig(
        taskId, model, input, output, maxFailures, images, intraOpThreads, manifestBytes);
  }

  public BatchConfig withIntraOpThreads(int threads) {
    return new BatchConfig(
        taskId, model, input, output, maxFailures, batchSize, threads, manifestBytes);
  }

  public BatchConfig withManifestBytes(long bytes) {
    return new BatchConfig(
        taskId, model, input, output, maxFailures, batchSize, intraOpThreads, bytes);
  }
}
