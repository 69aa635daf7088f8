package io.millrace.dataset.export;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Set;

/**
 * A layout of files. Formats are immutable and without state; they travel to the tasks of an
 * engine.
 *
 * <p>The engine asks {@link #fit} of every sample, compares ({@link Losses}), and has what fits
 * written by one writer a task; at the end, in one place, {@link #finish} writes the files that are
 * of the whole and joins the lists that the tasks wrote.
 */
public interface ExportFormat extends Serializable {

  /** The name as users write it, such as {@code image-txt}. */
  String name();

  /** The label task types of datasets that can be exported so. */
  Set<LabelTaskType> taskTypes();

  /** What may become of the media; the first is the default. */
  List<MediaMode> mediaModes();

  /** What the format carries of a sample; reads and writes nothing. */
  Fit fit(Sample sample, ExportPlan plan);

  /** A writer of the samples of one task. */
  ExportWriter open(ExportPlan plan, ExportOutput output) throws IOException;

  /** Writes what is of the whole, after all tasks ended well. */
  void finish(ExportPlan plan, ExportAssembly assembly) throws IOException;
}
