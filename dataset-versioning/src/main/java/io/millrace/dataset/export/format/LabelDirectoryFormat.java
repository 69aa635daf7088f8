package io.millrace.dataset.export.format;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.LeftOutReason;
import io.millrace.dataset.export.MediaMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * A directory a label: the directory that holds a file, the last one of its path, names its only
 * label. A sample with no label or several, or with one that is no name of a directory, is left
 * out.
 */
public record LabelDirectoryFormat(String name, LabelTaskType taskType) implements ExportFormat {
  /** What file systems allow in a name. */
  private static final int MOST_BYTES = 255;

  /** Images, as ImageNet lays them out. */
  public static final LabelDirectoryFormat IMAGENET =
      new LabelDirectoryFormat("imagenet", LabelTaskType.IMAGE_CLASSIFICATION);

  /** Recordings. */
  public static final LabelDirectoryFormat AUDIO_DIR =
      new LabelDirectoryFormat("audio-dir", LabelTaskType.AUDIO_CLASSIFICATION);

  public LabelDirectoryFormat {
    requireNonNull(name, "name is null");
    requireNonNull(taskType, "taskType is null");
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(taskType);
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    Fit.Taken taken = Classes.fit(sample, taskType);
    int labels = taken.carried().annotations().size();
    if (labels == 0) {
      return Fit.leftOut(
          LeftOutReason.UNLABELLED, "It has no label, and so no directory to lie in.");
    }
    if (labels > 1) {
      return Fit.leftOut(
          LeftOutReason.SEVERAL_LABELS,
          "It has %s labels, and can lie in one directory only.",
          labels);
    }
    Label label = label(taken);
    return isDirectoryName(label.value())
        ? taken
        : Fit.leftOut(
            LeftOutReason.UNWRITABLE_LABEL, "The label '%s' is no name of a directory.", label);
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return (sample, taken, name) -> output.copyMedia(sample, path(label(taken), name));
  }

  /** The number's directory comes first, since the last one is the label. */
  private static String path(Label label, ExportName name) {
    return name.numberDirectory() + label + "/" + name.stem() + name.extension();
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) {
    // Every file is of one sample.
  }

  private static Label label(Fit.Taken taken) {
    return taken.carried().annotations().get(0).label().orElseThrow();
  }

  /** Readers take what begins with a dot, and what macOS adds to archives, for hidden. */
  private static boolean isDirectoryName(String label) {
    return label.indexOf('/') < 0
        && label.indexOf('\\') < 0
        && !label.startsWith(".")
        && !label.equals("__MACOSX")
        && label.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
  }
}
