package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetName;
import io.millrace.dataset.LabelTaskType;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What a dataset is, fixed when it is created.
 *
 * @param id 20 letters and digits, unique among datasets; its directory is {@code <name>-<id>}
 * @param description at most 256 characters; may be empty
 */
public record DatasetInfo(
    DatasetName name, String id, LabelTaskType taskType, String description, Instant createdAt) {
  public static final int MAX_DESCRIPTION = 256;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{20}");

  public DatasetInfo {
    requireNonNull(name, "name is null");
    requireNonNull(taskType, "taskType is null");
    requireNonNull(createdAt, "createdAt is null");
    checkArgument(
        id != null && ID.matcher(id).matches(),
        "Invalid dataset id: '%s' (expected 20 letters and digits)",
        id);
    checkArgument(
        description.length() <= MAX_DESCRIPTION,
        "Invalid description: %s characters (expected at most %s)",
        description.length(),
        MAX_DESCRIPTION);
  }

  /** The name of the dataset's directory below the place where datasets are kept. */
  public String directoryName() {
    return name + "-" + id;
  }
}
