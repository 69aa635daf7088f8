package io.millrace.dataset.export;

import io.millrace.dataset.Sample;
import java.io.IOException;

/** Writes the samples of one task. Not safe for use by several threads. */
public interface ExportWriter {

  /**
   * Writes a sample.
   *
   * @param sample as it is in the dataset, for its source and measures
   * @param taken what the format carries of it
   * @param name unique among the samples of the export
   * @throws LeftOutException if this sample cannot be written after all; nothing of it may be left
   *     in a list then
   * @throws IOException if the target cannot be written
   */
  void write(Sample sample, Fit.Taken taken, ExportName name) throws IOException;

  /** Ends what the writer holds open, after its last sample. */
  default void finish() throws IOException {}

  /** Gives up what the writer holds open and must not become visible, after a failure. */
  default void abandon() throws IOException {}
}
