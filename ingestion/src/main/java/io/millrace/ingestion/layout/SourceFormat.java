package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportFormat;
import java.io.IOException;
import java.util.Set;

/** A format that sources may have: how it is recognised, and how a source of it is read. */
public interface SourceFormat {

  ImportFormat format();

  /** The datasets that the format's samples fit. */
  Set<LabelTaskType> taskTypes();

  /**
   * How much a source looks like this format, from a look at some of its files; says nothing of
   * what it did not see.
   */
  Recognition recognise(SourceGlance glance, LabelTaskType taskType) throws IOException;

  /**
   * The layout of a source of this format.
   *
   * @throws DatasetException if the source lacks what makes it one, naming that
   */
  ImportLayout open(LayoutRequest request) throws IOException;
}
