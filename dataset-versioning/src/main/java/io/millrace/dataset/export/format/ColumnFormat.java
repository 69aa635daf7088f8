package io.millrace.dataset.export.format;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.columns.CellType;
import io.millrace.dataset.columns.Column;
import io.millrace.dataset.columns.ColumnFile;
import io.millrace.dataset.columns.Columns;
import io.millrace.dataset.columns.SampleColumns;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.LeftOutReason;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.storage.PendingObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Parquet or Arrow files, one a task: {@code pets-V001-00000.parquet}. A row is a sample, with the
 * columns of {@link SampleColumns}, which carry all of it; where media are copied, the column
 * {@value #MEDIA} holds their bytes.
 */
public record ColumnFormat(ColumnFile.Kind kind) implements ExportFormat {
  public static final String MEDIA = "media";

  /** A cell is in memory as a whole, and so are the cells of a batch or row group. */
  static final long MOST_MEDIA_BYTES = 64L << 20;

  public ColumnFormat {
    requireNonNull(kind, "kind is null");
  }

  @Override
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** Tables too, whose own columns are then written. */
  @Override
  public Set<LabelTaskType> taskTypes() {
    return EnumSet.allOf(LabelTaskType.class);
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.REFERENCE, MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    boolean isTooLarge = plan.media() == MediaMode.COPY && sample.sizeBytes() > MOST_MEDIA_BYTES;
    return isTooLarge
        ? Fit.leftOut(
            LeftOutReason.TOO_LARGE,
            "It has %s bytes, a cell takes at most %s.",
            sample.sizeBytes(),
            MOST_MEDIA_BYTES)
        : Fit.whole(sample);
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return new Writer(kind, plan, output);
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) {}

  private static final class Writer implements ExportWriter {
    private final ColumnFile.Kind kind;
    private final ExportPlan plan;
    private final ExportOutput output;
    private final Columns columns;
    private Optional<CountedFile> open = Optional.empty();

    Writer(ColumnFile.Kind kind, ExportPlan plan, ExportOutput output) {
      this.kind = kind;
      this.plan = plan;
      this.output = output;
      this.columns =
          plan.media() == MediaMode.COPY
              ? SampleColumns.COLUMNS.with(new Column(MEDIA, CellType.Plain.BYTES))
              : SampleColumns.COLUMNS;
    }

    @Override
    public void write(Sample sample, Fit.Taken taken, ExportName name) throws IOException {
      Object[] cells = Arrays.copyOf(SampleColumns.of(sample), columns.size());
      if (plan.media() == MediaMode.COPY) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        output.transferMedia(sample, bytes);
        cells[columns.size() - 1] = bytes.toByteArray();
      }
      if (open.isEmpty()) {
        String path = "%s-%05d%s".formatted(plan.name(), output.task(), kind.extension());
        PendingObject object = output.create(path);
        open = Optional.of(CountedFile.open(kind, object, columns));
      }
      open.get().file().write(cells);
    }

    @Override
    public void finish() throws IOException {
      if (open.isPresent()) {
        output.count(open.get().finish());
      }
    }

    @Override
    public void abandon() throws IOException {
      if (open.isPresent()) {
        open.get().abandon();
      }
    }
  }
}
