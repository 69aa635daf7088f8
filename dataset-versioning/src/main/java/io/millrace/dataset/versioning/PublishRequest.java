package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Properties;
import io.millrace.dataset.VersionName;
import java.util.Optional;

/**
 * What a version shall be.
 *
 * @param name absent: the next of V001, V002 ...
 * @param taskType the annotations to publish; absent: those of every type the dataset has
 * @param description at most 256 characters; may be empty
 * @param table the form of a version of a table dataset; absent: {@link TableOutput#DEFAULT}
 */
public record PublishRequest(
    Optional<VersionName> name,
    Optional<LabelTaskType> taskType,
    String description,
    SplitPlan split,
    HardPolicy hard,
    UsagePolicy usage,
    Optional<TableOutput> table) {

  /** What happens to the mark of a hard example, of samples and of annotations. */
  public enum HardPolicy {
    CLEAR,
    KEEP
  }

  /**
   * What happens to the usage that samples have. A split divides the samples that keep none, and
   * that no list and no rule of its own gives a part.
   */
  public enum UsagePolicy {
    REMOVE,
    KEEP
  }

  /** The next version, not split, without hard marks and usages. */
  public static final PublishRequest DEFAULT =
      new PublishRequest(
          Optional.empty(),
          Optional.empty(),
          "",
          SplitPlan.NONE,
          HardPolicy.CLEAR,
          UsagePolicy.REMOVE,
          Optional.empty());

  public PublishRequest {
    requireNonNull(name, "name is null");
    requireNonNull(taskType, "taskType is null");
    requireNonNull(split, "split is null");
    requireNonNull(hard, "hard is null");
    requireNonNull(usage, "usage is null");
    requireNonNull(table, "table is null");
    checkArgument(
        description.length() <= DatasetInfo.MAX_DESCRIPTION,
        "Invalid description: %s characters (expected at most %s)",
        description.length(),
        DatasetInfo.MAX_DESCRIPTION);
  }

  /** What was asked for, by the names of the options, for a version's provenance. */
  public Properties settings() {
    return Properties.EMPTY
        .with("split", split.toString())
        .with("hard", hard.name())
        .with("usage", usage.name());
  }

  public PublishRequest withName(VersionName name) {
    return new PublishRequest(Optional.of(name), taskType, description, split, hard, usage, table);
  }

  public PublishRequest withTaskType(LabelTaskType taskType) {
    return new PublishRequest(name, Optional.of(taskType), description, split, hard, usage, table);
  }

  public PublishRequest withDescription(String description) {
    return new PublishRequest(name, taskType, description, split, hard, usage, table);
  }

  public PublishRequest withSplit(SplitPlan split) {
    return new PublishRequest(name, taskType, description, split, hard, usage, table);
  }

  public PublishRequest withHard(HardPolicy hard) {
    return new PublishRequest(name, taskType, description, split, hard, usage, table);
  }

  public PublishRequest withUsage(UsagePolicy usage) {
    return new PublishRequest(name, taskType, description, split, hard, usage, table);
  }

  public PublishRequest withTable(TableOutput table) {
    return new PublishRequest(name, taskType, description, split, hard, usage, Optional.of(table));
  }
}
