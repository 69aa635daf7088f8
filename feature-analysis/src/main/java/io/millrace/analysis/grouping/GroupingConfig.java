package io.millrace.analysis.grouping;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Limits;
import java.util.regex.Pattern;

/**
 * What an auto-grouping is asked for.
 *
 * @param groups how many to form, 2 to 200
 * @param attribute the sample property that takes each image's group, 1 to 64 letters, digits, _
 *     and -
 * @param images which images take part
 * @param seed the same seed and images give the same groups
 * @param representatives how many typical images the report names for each group, 0 to 100
 * @param limits images above {@code imageBytes} are not read
 */
public record GroupingConfig(
    int groups,
    String attribute,
    GroupedImages images,
    long seed,
    int representatives,
    Limits limits) {
  public static final int MIN_GROUPS = 2;
  public static final int MAX_GROUPS = 200;
  public static final String DEFAULT_ATTRIBUTE = "group";
  public static final long DEFAULT_SEED = 42;
  public static final int DEFAULT_REPRESENTATIVES = 5;
  private static final int MAX_REPRESENTATIVES = 100;
  private static final Pattern ATTRIBUTE = Pattern.compile("[\\p{L}\\p{N}_-]{1,64}");

  public GroupingConfig {
    requireNonNull(images, "images is null");
    requireNonNull(limits, "limits is null");
    checkArgument(
        groups >= MIN_GROUPS && groups <= MAX_GROUPS,
        "Invalid groups: %s (expected %s to %s)",
        groups,
        MIN_GROUPS,
        MAX_GROUPS);
    checkArgument(
        attribute != null && ATTRIBUTE.matcher(attribute).matches(),
        "Invalid attribute: '%s' (expected 1 to 64 letters, digits, _ and -)",
        attribute);
    checkArgument(
        representatives >= 0 && representatives <= MAX_REPRESENTATIVES,
        "Invalid representatives: %s (expected 0 to %s)",
        representatives,
        MAX_REPRESENTATIVES);
  }

  /** The grouping of all images with the defaults. */
  public static GroupingConfig of(int groups) {
    return new GroupingConfig(
        groups,
        DEFAULT_ATTRIBUTE,
        GroupedImages.ALL,
        DEFAULT_SEED,
        DEFAULT_REPRESENTATIVES,
        Limits.DEFAULT);
  }
}
