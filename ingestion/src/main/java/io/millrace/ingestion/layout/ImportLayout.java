package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a source is laid out. An import reads the {@link #entries}, brings those of equal key
 * together, wherever they were found, and lets {@link #assemble} make samples of them.
 *
 * <p>Implementations are values without state, so that any machine may do either step.
 */
public interface ImportLayout extends Serializable {

  /** The datasets that the layout's samples fit. */
  Set<LabelTaskType> taskTypes();

  /**
   * All pieces of the source, read while the stream is; the caller closes it. A failure amid the
   * stream is an {@link java.io.UncheckedIOException}.
   */
  Stream<LayoutEntry> entries(Stores stores) throws IOException;

  /**
   * What becomes of all entries of one key, given in any order.
   *
   * @return one outcome for each image or other sample, and for each piece that belongs to none
   */
  List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector);
}
