package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.DeltaDatasetHistory;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.labels.AddLabel;
import io.millrace.dataset.labels.ClearLabels;
import io.millrace.dataset.labels.ConfirmLabels;
import io.millrace.dataset.labels.DeleteLabel;
import io.millrace.dataset.labels.LabelEdit;
import io.millrace.dataset.labels.LabelEditReport;
import io.millrace.dataset.labels.LabelUse;
import io.millrace.dataset.labels.MachineLabels;
import io.millrace.dataset.labels.MarkHard;
import io.millrace.dataset.labels.RejectLabels;
import io.millrace.dataset.labels.RenameLabel;
import io.millrace.dataset.labels.SetLabels;
import io.millrace.dataset.labels.SuggestionPolicy;
import io.millrace.dataset.labels.SuggestionPolicy.HumanLabels;
import io.millrace.jobs.spark.LabelJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The command {@code millrace label}. */
@Command(
    name = "label",
    description =
        "Look at and edit the labels of a dataset's samples. Published versions never change.")
final class LabelCommand extends CommandGroup {
  private static final String EACH_FOR_ITSELF =
      "Each label is judged for itself, as though it were its sample's only one.";

  @ParentCommand MillraceCommand millrace;

  @Command(name = "list", description = "List the labels of a dataset and how they are used.")
  int list(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @Mixin BranchOption branch,
      @Mixin SparkOptions spark) {
    DatasetLayout layout = branch.find(millrace.options, dataset);
    try (SparkEngine engine = spark.start()) {
      print(dataset, LabelJobs.list(engine, layout));
    }
    return ExitCode.DONE;
  }

  @Command(
      name = "add",
      description = "Give whole samples one more label; those that have it stay as they are.")
  int add(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @Parameters(paramLabel = "LABEL", description = "The label.") Label label,
      @ArgGroup(multiplicity = "1") RequiredSelection selection,
      @Mixin BranchOption branch,
      @Mixin LabelOptions options,
      @Mixin SparkOptions spark) {
    return edit(
        dataset,
        type -> new AddLabel(type, label, now()),
        selection.toFilter(),
        branch,
        options,
        spark);
  }

  @Command(name = "set", description = "Give whole samples these labels in place of all others.")
  int set(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @Parameters(paramLabel = "LABEL", arity = "1..*", description = "One or more labels.")
          List<Label> labels,
      @ArgGroup(multiplicity = "1") RequiredSelection selection,
      @Mixin BranchOption branch,
      @Mixin LabelOptions options,
      @Mixin SparkOptions spark) {
    return edit(
        dataset,
        type -> new SetLabels(type, labels, now()),
        selection.toFilter(),
        branch,
        options,
        spark);
  }

  @Command(
      name = "rename",
      description = "Put another name in place of a label, in all samples or in some.")
  int rename(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @Parameters(paramLabel = "OLD", description = "The label.") Label old,
      @Parameters(paramLabel = "NEW", description = "Its new name.") Label renamed,
      @Option(
              names = "--merge",
              description = "Makes one label of two, for good, where NEW is a label already.")
          boolean merge,
      @Option(
              names = "--where",
              paramLabel = "EXPRESSION",
              description = "Only in the samples that this selects (default: in all).")
          SampleFilter where,
      @Mixin BranchOption branch,
      @Mixin LabelOptions options,
      @Mixin SparkOptions spark) {
    RenameLabel.IfTaken ifTaken = merge ? RenameLabel.IfTaken.MERGE : RenameLabel.IfTaken.REFUSE;
    return edit(
        dataset,
        type -> new RenameLabel(old, renamed, ifTaken),
        orAll(where),
        branch,
        options,
        spark);
  }

  @Command(
      name = "delete",
      description =
          "Remove a label from all samples or from some, with the relations of its entities.")
  int delete(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @Parameters(paramLabel = "LABEL", description = "The label.") Label label,
      @Option(
              names = "--delete-samples",
              description =
                  "Also removes from the dataset the samples that have this label and no other;"
                      + " their files stay.")
          boolean deleteSamples,
      @Option(
              names = "--where",
              paramLabel = "EXPRESSION",
              description = "Only from the samples that this selects (default: from all).")
          SampleFilter where,
      @Mixin BranchOption branch,
      @Mixin LabelOptions options,
      @Mixin SparkOptions spark) {
    DeleteLabel.OnlyThis onlyThis =
        deleteSamples ? DeleteLabel.OnlyThis.DELETE_SAMPLES : DeleteLabel.OnlyThis.KEEP_SAMPLES;
    return edit(
        dataset, type -> new DeleteLabel(label, onlyThis), orAll(where), branch, options, spark);
  }

  @Command(name = "clear", description = "Remove all labels and annotations of samples.")
  int clear(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @ArgGroup(multiplicity = "1") RequiredSelection selection,
      @Mixin BranchOption branch,
      @Mixin LabelOptions options,
      @Mixin SparkOptions spark) {
    return edit(dataset, type -> new ClearLabels(), selection.toFilter(), branch, options, spark);
  }

  @Command(name = "hard", description = "Mark samples as hard examples, or take the marks away.")
  int hard(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @ArgGroup(multiplicity = "1") RequiredSelection selection,
      @Option(
              names = "--mark",
              paramLabel = "MARK",
              required = true,
              description =
                  "${COMPLETION-CANDIDATES}; OFF takes it from samples and their annotations.")
          MarkHard.Mark mark,
      @Option(
              names = "--coefficient",
              paramLabel = "X",
              description = "How hard, 0 to 1 (default: as it was).")
          Double coefficient,
      @Mixin BranchOption branch,
      @Mixin LabelOptions options,
      @Mixin SparkOptions spark) {
    MarkHard.Coefficient howHard =
        coefficient == null
            ? new MarkHard.Coefficient.AsItWas()
            : new MarkHard.Coefficient.Of(coefficient);
    return edit(
        dataset, type -> new MarkHard(mark, howHard), selection.toFilter(), branch, options, spark);
  }

  @Command(
      name = "apply",
      description =
          "Give samples the labels that a model's result manifest suggests, until they are"
              + " confirmed or rejected. Takes the place of suggestions that wait.")
  int apply(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @Option(
              names = "--from",
              paramLabel = "MANIFEST",
              required = true,
              description = "A manifest; its lines are matched by id, then by source.")
          StorageUri manifest,
      @Option(
              names = "--threshold",
              paramLabel = "X",
              description =
                  "Refuses labels with less confidence, 0 to 1 (default: ${DEFAULT-VALUE}, all"
                      + " are taken).")
          double threshold,
      @Option(
              names = "--human-labels",
              paramLabel = "WHAT",
              defaultValue = "SKIP",
              description =
                  "Of samples that a person labelled: ${COMPLETION-CANDIDATES}; KEEP takes"
                      + " suggestions beside the labels (default: ${DEFAULT-VALUE}).")
          HumanLabels humanLabels,
      @Option(
              names = "--annotated-by",
              paramLabel = "MODEL",
              defaultValue = SuggestionPolicy.UNNAMED_ANNOTATOR,
              description = "Who gave the labels that do not say it (default: ${DEFAULT-VALUE}).")
          String annotator,
      @Mixin BranchOption branch,
      @Mixin LabelOptions options,
      @Mixin SparkOptions spark) {
    DatasetLayout layout = branch.find(millrace.options, dataset);
    SuggestionPolicy policy =
        new SuggestionPolicy(taskType(layout), threshold, humanLabels, annotator, now());
    try (SparkEngine engine = spark.start()) {
      print(LabelJobs.apply(engine, layout, manifest, policy, options.toRun()), options);
    }
    return ExitCode.DONE;
  }

  @Command(
      name = "confirm",
      description = {"Make labels that a model suggested those of a person.", EACH_FOR_ITSELF})
  int confirm(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @ArgGroup(multiplicity = "1") RequiredSuggestions suggestions,
      @Mixin BranchOption branch,
      @Mixin LabelOptions options,
      @Mixin SparkOptions spark) {
    MachineLabels which = new MachineLabels(suggestions.toFilter());
    return edit(
        dataset, type -> new ConfirmLabels(which, now()), SampleFilter.ALL, branch, options, spark);
  }

  @Command(
      name = "reject",
      description = {"Remove labels that a model suggested.", EACH_FOR_ITSELF})
  int reject(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @ArgGroup(multiplicity = "1") RequiredSuggestions suggestions,
      @Mixin BranchOption branch,
      @Mixin LabelOptions options,
      @Mixin SparkOptions spark) {
    MachineLabels which = new MachineLabels(suggestions.toFilter());
    return edit(dataset, type -> new RejectLabels(which), SampleFilter.ALL, branch, options, spark);
  }

  /** The edit is checked before Spark is started. */
  private int edit(
      DatasetName dataset,
      Function<LabelTaskType, LabelEdit> edit,
      SampleFilter selection,
      BranchOption branch,
      LabelOptions options,
      SparkOptions spark) {
    DatasetLayout layout = branch.find(millrace.options, dataset);
    LabelEdit checked = edit.apply(taskType(layout));
    try (SparkEngine engine = spark.start()) {
      print(LabelJobs.edit(engine, layout, checked, selection, options.toRun()), options);
    }
    return ExitCode.DONE;
  }

  private static LabelTaskType taskType(DatasetLayout layout) {
    return DeltaDatasetHistory.load(layout).info().taskType();
  }

  private static SampleFilter orAll(SampleFilter where) {
    return where == null ? SampleFilter.ALL : where;
  }

  /** Manifests carry no time zone; times of ours are UTC. */
  private static LocalDateTime now() {
    return LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
  }

  private void print(LabelEditReport report, LabelOptions options) {
    Console console = millrace.options.console(spec);
    LabelReportText.lines(report, options.toRun().mode()).forEach(console::line);
    console.json(LabelReportText.json(report));
  }

  private void print(DatasetName dataset, List<LabelUse> labels) {
    Console console = millrace.options.console(spec);
    if (labels.isEmpty()) {
      console.line("No sample of %s has a label.".formatted(dataset));
    } else {
      console.table(
          List.of("LABEL", "SAMPLES", "ANNOTATIONS", "MACHINE", "OF", "SHAPES", "COLOUR"),
          labels.stream().map(LabelCommand::cells).toList());
    }
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (LabelUse use : labels) {
      ObjectNode label =
          json.addObject()
              .put("label", use.label().value())
              .put("samples", use.samples())
              .put("annotations", use.annotations())
              .put("machine", use.machine())
              .put("mask_color", use.maskColor().orElse(null));
      ArrayNode kinds = label.putArray("kinds");
      use.kinds().forEach(kinds::add);
      ArrayNode shapes = label.putArray("shapes");
      use.shapes().forEach(shapes::add);
    }
    console.json(json);
  }

  private static List<String> cells(LabelUse use) {
    return List.of(
        use.label().value(),
        Long.toString(use.samples()),
        Long.toString(use.annotations()),
        Long.toString(use.machine()),
        String.join(", ", use.kinds()),
        use.shapes().isEmpty() ? "-" : String.join(", ", use.shapes()),
        use.maskColor().orElse("-"));
  }
}
