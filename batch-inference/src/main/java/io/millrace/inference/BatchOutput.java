package io.millrace.inference;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;

/**
 * Where the results of a task lie within the output directory.
 *
 * <pre>
 * infer-result-&lt;id&gt;.manifest      one line an input; complete where it is; then _1, _2 ...
 * infer-result-&lt;id&gt;/              one answer an input: .../1.jpg_result.txt
 * infer-result-&lt;id&gt;.parquet/      the same as a table
 * infer-result-&lt;id&gt;.report.json   counts, speed and evaluation
 * .infer-result-&lt;id&gt;/             what the task was started with, and unfinished files
 * </pre>
 */
public record BatchOutput(StorageUri directory, TaskId taskId) {
  public BatchOutput {
    requireNonNull(directory, "directory is null");
    requireNonNull(taskId, "taskId is null");
  }

  /** The directory that holds an answer for each input that was scored. */
  public StorageUri answers() {
    return directory.resolve(baseName());
  }

  /** The answer for one input. */
  public StorageUri answer(String relativePath) {
    return answers().resolve(relativePath);
  }

  /** The manifest of this number: 0 has no suffix, then come {@code _1}, {@code _2} ... */
  public StorageUri manifest(int number) {
    return directory.resolve(baseName() + (number == 0 ? "" : "_" + number) + ".manifest");
  }

  public StorageUri table() {
    return directory.resolve(baseName() + ".parquet");
  }

  public StorageUri report() {
    return directory.resolve(baseName() + ".report.json");
  }

  /** What the task was started with, see {@link TaskRecord}. */
  public StorageUri record() {
    return scratch().resolve("task.json");
  }

  /** The table while it is being written. */
  public StorageUri unfinishedTable() {
    return scratch().resolve("table");
  }

  private StorageUri scratch() {
    return directory.resolve("." + baseName());
  }

  private String baseName() {
    return "infer-result-" + taskId;
  }
}
