package io.millrace.dataset.export.format;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.columns.ColumnFile;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.naming.NearestName;
import io.millrace.dataset.table.FormulaGuard;
import java.util.List;

/** All formats that samples are exported in. */
public final class ExportFormats {
  private static final List<ExportFormat> ALL =
      List.of(
          new ManifestFormat(),
          new ImageTxtFormat(),
          LabelDirectoryFormat.IMAGENET,
          new VocFormat(VocFormat.Layout.PAIRS),
          new VocFormat(VocFormat.Layout.DEVKIT),
          new SegmentationFormat(),
          new YoloFormat(YoloFormat.Dialect.ULTRALYTICS),
          new YoloFormat(YoloFormat.Dialect.DARKNET),
          new CocoFormat(),
          LabelDirectoryFormat.AUDIO_DIR,
          new TextFormat(TextFormat.Labels.COMBINED),
          new TextFormat(TextFormat.Labels.SEPARATE),
          new UnlabelledFormat(),
          WebdatasetFormat.DEFAULT,
          new HuggingfaceFormat(),
          new SagemakerFormat(),
          new ColumnFormat(ColumnFile.Kind.PARQUET),
          new ColumnFormat(ColumnFile.Kind.ARROW),
          new CsvFormat(FormulaGuard.ON));

  private ExportFormats() {}

  public static List<ExportFormat> all() {
    return ALL;
  }

  /** The names of all formats, in the order of {@link #all}. */
  public static List<String> names() {
    return ALL.stream().map(ExportFormat::name).toList();
  }

  /** The names of the formats for a label task type. */
  public static List<String> namesFor(LabelTaskType taskType) {
    return ALL.stream()
        .filter(format -> format.taskTypes().contains(taskType))
        .map(ExportFormat::name)
        .toList();
  }

  /**
   * The format of a name, in any case.
   *
   * @throws DatasetException for an unknown name, with the known ones and the nearest of them
   */
  public static ExportFormat parse(String text) {
    String name = text.strip().replace('_', '-');
    return ALL.stream()
        .filter(format -> format.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> unknown(text.strip()));
  }

  private static DatasetException unknown(String text) {
    String hint =
        NearestName.of(text, names()).map(name -> " Did you mean %s?".formatted(name)).orElse("");
    return new DatasetException(
        "Invalid format: '%s' (expected one of %s).%s"
            .formatted(text, String.join(", ", names()), hint));
  }
}
