package io.millrace.analysis;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a feature analysis is asked for.
 *
 * @param versions published versions of one dataset, to be analysed and compared; at least one
 * @param reportFile where the HTML page is to be written, if one is wanted
 * @param jsonFile where the report is to be written as JSON, if it is wanted
 * @param examples how many lowest and how many highest samples of each metric the report names, 0
 *     to {@value #MAX_EXAMPLES}
 * @param limits images above {@code imageBytes} are not read
 */
public record AnalysisConfig(
    List<DatasetRef> versions,
    Optional<Path> reportFile,
    Optional<Path> jsonFile,
    int examples,
    Limits limits) {
  public static final int DEFAULT_EXAMPLES = 6;
  public static final int MAX_EXAMPLES = 24;

  public AnalysisConfig {
    versions = List.copyOf(versions);
    requireNonNull(reportFile, "reportFile is null");
    requireNonNull(jsonFile, "jsonFile is null");
    requireNonNull(limits, "limits is null");
    checkArgument(!versions.isEmpty(), "Invalid versions: none (expected at least one)");
    checkArgument(
        versions.stream().map(DatasetRef::dataset).distinct().count() == 1,
        "Invalid versions: %s (expected versions of one dataset)",
        versions);
    checkArgument(
        versions.stream().distinct().count() == versions.size(),
        "Invalid versions: %s names one twice",
        versions);
    checkArgument(
        examples >= 0 && examples <= MAX_EXAMPLES,
        "Invalid examples: %s (expected 0 to %s)",
        examples,
        MAX_EXAMPLES);
  }

  /** The analysis of one version with the defaults, without files. */
  public static AnalysisConfig of(DatasetRef version) {
    return new AnalysisConfig(
        List.of(version), Optional.empty(), Optional.empty(), DEFAULT_EXAMPLES, Limits.DEFAULT);
  }

  public AnalysisConfig withReportFile(Path reportFile) {
    return new AnalysisConfig(versions, Optional.of(reportFile), jsonFile, examples, limits);
  }

  public AnalysisConfig withJsonFile(Path jsonFile) {
    return new AnalysisConfig(versions, reportFile, Optional.of(jsonFile), examples, limits);
  }
}
