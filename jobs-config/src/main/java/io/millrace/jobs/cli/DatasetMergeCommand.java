package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.merging.Aspect;
import io.millrace.dataset.merging.MergeConfig;
import io.millrace.dataset.merging.MergeConflict;
import io.millrace.dataset.merging.MergeCounts;
import io.millrace.dataset.merging.MergePolicy;
import io.millrace.dataset.merging.MergeReport;
import io.millrace.jobs.spark.SparkEngine;
import io.millrace.jobs.spark.StateJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace dataset merge}. */
@Command(
    name = "merge",
    description =
        "Bring the samples of a branch, a version or another dataset into a dataset, in one commit.")
final class DatasetMergeCommand implements Callable<Integer> {
  @ParentCommand DatasetCommand dataset;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NAME", description = "The dataset to change.")
  DatasetName name;

  @Parameters(
      index = "1",
      paramLabel = "SOURCE",
      description =
          "What to bring in: DATASET@VERSION, or DATASET@working:BRANCH for what a branch has now.")
  StateRef source;

  @Mixin BranchOption branch;

  @Option(
      names = "--on-conflict",
      paramLabel = "POLICY",
      defaultValue = "fail",
      converter = PolicyWord.class,
      description =
          "Where both sides changed the same: fail and change nothing, ours (as the dataset has"
              + " it), theirs, or union-labels (annotations of both) (default: ${DEFAULT-VALUE}).")
  MergePolicy policy;

  @Option(
      names = "--base",
      paramLabel = "STATE",
      description =
          "What both sides come from, written as SOURCE (default: within a dataset the nearest"
              + " common version; what was merged last from the same source; else none).")
  StateRef base;

  @Option(names = "--dry-run", description = "Only counts what would change; lists conflicts.")
  boolean dryRun;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "List at most so many conflicts and duplicates (default: ${DEFAULT-VALUE}).")
  int limit = MergeConfig.DEFAULT_LISTED;

  @Override
  public Integer call() {
    MergeConfig config =
        MergeConfig.of(branch.state(name), source, System.getProperty("user.name"))
            .withBase(Optional.ofNullable(base))
            .withPolicy(policy)
            .withMode(dryRun ? MergeConfig.Mode.DRY_RUN : MergeConfig.Mode.COMMIT)
            .withListed(limit);
    branch.find(dataset.millrace.options, name);
    try (SparkEngine engine = spark.start()) {
      MergeReport report = StateJobs.merge(engine, dataset.millrace.options.catalog(), config);
      Console console = dataset.millrace.options.console(spec);
      lines(report).forEach(console::line);
      console.json(json(report));
    }
    return ExitCode.DONE;
  }

  @Mixin SparkOptions spark;

  private List<String> lines(MergeReport report) {
    MergeCounts counts = report.counts();
    List<String> lines = new ArrayList<>();
    lines.add(
        switch (report.result()) {
          case COMMITTED -> "Merged %s into %s".formatted(report.source(), report.target());
          case DRY_RUN ->
              "Would merge %s into %s (nothing was changed)"
                  .formatted(report.source(), report.target());
          case NOTHING_TO_DO ->
              "Nothing to merge: %s has nothing new for %s"
                  .formatted(report.source(), report.target());
        });
    lines.add("  compared with  " + report.base().orElse("nothing: no common state is known"));
    lines.add(
        "  samples        %d added, %d changed, %d removed"
            .formatted(counts.added(), counts.changed(), counts.removed()));
    lines.add(
        "  conflicts      %d settled by %s, %d left"
            .formatted(counts.settled(), PolicyWord.of(report.policy()), counts.conflicts()));
    report.conflicts().forEach(conflict -> lines.add("    " + conflict));
    if (counts.duplicates() > 0) {
      lines.add(
          "  duplicates     %d added samples have the bytes of another that was there"
              .formatted(counts.duplicates()));
      report
          .duplicates()
          .forEach(
              pair ->
                  lines.add("    %s is %s".formatted(pair.addedSource(), pair.presentSource())));
    }
    if (counts.elsewhere() > 0) {
      lines.add(
          "  media          %d added samples are copies that lie with the other dataset; keep it"
              .formatted(counts.elsewhere()));
    }
    if (report.result() == MergeReport.Result.COMMITTED) {
      report
          .formerState()
          .ifPresent(
              state ->
                  lines.add(
                      "  undo with      millrace dataset rollback %s --to-state %d%s"
                          .formatted(name, state, branch.argument())));
    }
    return lines;
  }

  private static ObjectNode json(MergeReport report) {
    MergeCounts counts = report.counts();
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("source", report.source())
            .put("target", report.target().toString())
            .put("base", report.base().orElse(null))
            .put("on_conflict", PolicyWord.of(report.policy()))
            .put("result", report.result().name())
            .put("added", counts.added())
            .put("changed", counts.changed())
            .put("removed", counts.removed())
            .put("settled", counts.settled())
            .put("conflicts", counts.conflicts())
            .put("duplicates", counts.duplicates())
            .put("media_elsewhere", counts.elsewhere())
            .put("former_state", report.formerState().orElse(null));
    ArrayNode conflicts = json.putArray("conflicting");
    for (MergeConflict conflict : report.conflicts()) {
      ArrayNode aspects =
          conflicts
              .addObject()
              .put("id", conflict.id().value())
              .put("source", conflict.source())
              .putArray("what");
      conflict.aspects().stream().map(Aspect::toString).forEach(aspects::add);
    }
    ArrayNode duplicates = json.putArray("duplicated");
    for (MergeReport.Duplicate pair : report.duplicates()) {
      duplicates
          .addObject()
          .put("added", pair.added())
          .put("added_source", pair.addedSource())
          .put("present", pair.present())
          .put("present_source", pair.presentSource());
    }
    return json;
  }

  /** A policy as the command line writes it. */
  static final class PolicyWord implements ITypeConverter<MergePolicy> {
    @Override
    public MergePolicy convert(String text) {
      for (MergePolicy policy : MergePolicy.values()) {
        if (of(policy).equalsIgnoreCase(text)) {
          return policy;
        }
      }
      throw new picocli.CommandLine.TypeConversionException(
          "Invalid policy: '%s' (expected fail, ours, theirs or union-labels)".formatted(text));
    }

    static String of(MergePolicy policy) {
      return policy.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }
}
