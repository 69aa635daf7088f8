package io.millrace.jobs.cli;

import io.millrace.dataset.Label;
import io.millrace.dataset.Usage;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.ingestion.AnnotationPolicy;
import io.millrace.ingestion.ImportFilter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The options that say which samples an import takes. */
final class ImportFilterOptions {
  @Option(
      names = "--where",
      paramLabel = "EXPRESSION",
      description =
          "Takes the samples that this selects, such as \"label in ('cat', 'dog') and width >="
              + " 640\" (default: all).")
  String where = "true";

  @Option(
      names = "--only-hard",
      description = "Takes hard examples only: the sample or one of its annotations is marked.")
  boolean onlyHard;

  @Option(
      names = "--label",
      paramLabel = "LABEL",
      description =
          "Takes the samples that have this label, with all their annotations; repeat it for"
              + " samples that have one of several (default: all).")
  List<String> labels = List.of();

  @Option(
      names = "--usage",
      paramLabel = "USAGE",
      description =
          "Takes the samples meant for this: ${COMPLETION-CANDIDATES}; repeat it for one of several"
              + " (default: all).")
  Set<Usage> usages = new LinkedHashSet<>();

  @Option(names = "--unlabelled", description = "Imports the samples without their annotations.")
  boolean unlabelled;

  ImportFilter toFilter() {
    return new ImportFilter(
        unlabelled ? AnnotationPolicy.UNLABELLED : AnnotationPolicy.LABELLED,
        onlyHard ? ImportFilter.Examples.ONLY_HARD : ImportFilter.Examples.ALL,
        labels.stream().map(Label::new).collect(Collectors.toUnmodifiableSet()),
        usages,
        SampleFilter.parse(where));
  }
}
