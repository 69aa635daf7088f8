package io.millrace.jobs.cli;

import io.millrace.dataset.filter.SampleFilter;
import picocli.CommandLine.Option;

/** Which labels of models are meant: a choice that has to be made. */
final class RequiredSuggestions {
  @Option(
      names = "--where",
      paramLabel = "EXPRESSION",
      required = true,
      description =
          "Those that this selects, such as \"label = 'cat' and confidence >= 0.9 and"
              + " annotated-by = 'resnet'\".")
  SampleFilter where;

  @Option(names = "--all", required = true, description = "All that wait.")
  boolean all;

  SampleFilter toFilter() {
    return all ? SampleFilter.ALL : where;
  }
}
