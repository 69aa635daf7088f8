package io.millrace.jobs.cli;

import io.millrace.dataset.filter.SampleFilter;
import picocli.CommandLine.Option;

/** Which samples are meant: a choice that has to be made, so that none is edited by oversight. */
final class RequiredSelection {
  @Option(
      names = "--where",
      paramLabel = "EXPRESSION",
      required = true,
      description = "The samples that this selects, such as \"file-name like 'cat%%'\".")
  SampleFilter where;

  @Option(names = "--all", required = true, description = "Every sample.")
  boolean all;

  SampleFilter toFilter() {
    return all ? SampleFilter.ALL : where;
  }
}
