package io.millrace.ingestion.layout;

import io.millrace.dataset.storage.StoredObject;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * How one source is laid out. An import lists the source's objects, in parts and on many machines,
 * asks for the {@link #entries} of each, brings those of equal key together, wherever they were
 * found, and lets {@link #assemble} make samples of them.
 *
 * <p>Implementations are values, so that any machine may do either step.
 */
public interface ImportLayout extends Serializable {

  /**
   * The pieces that one object of the source contributes, read while the stream is; the caller
   * closes it. A failure amid the stream is an {@link java.io.UncheckedIOException}. Every object
   * contributes at least one piece, {@link LayoutEntry.OtherFile} where it is no part of the
   * layout; but for lists and files of class names, which may contribute none.
   */
  Stream<LayoutEntry> entries(StoredObject object, Stores stores) throws IOException;

  /**
   * What becomes of all entries of one key, given in any order.
   *
   * @return one outcome for each image or other sample, and for each piece that belongs to none
   */
  List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector);
}
