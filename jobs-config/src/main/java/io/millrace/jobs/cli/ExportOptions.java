package io.millrace.jobs.cli;

import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.filter.SampleFilter;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options that say which samples an export takes. */
final class ExportOptions {
  @Option(
      names = "--where",
      paramLabel = "EXPRESSION",
      description =
          "Exports the samples that this selects, such as \"label in ('cat', 'dog') and not hard\""
              + " (default: all).")
  String where = "true";

  @Option(
      names = "--part",
      paramLabel = "PART",
      split = ",",
      description =
          "Exports these parts: ${COMPLETION-CANDIDATES}; none is what has no usage (default:"
              + " all).")
  Set<ExportPart> parts = EnumSet.allOf(ExportPart.class);

  SampleFilter filter() {
    return SampleFilter.parse(where);
  }
}
