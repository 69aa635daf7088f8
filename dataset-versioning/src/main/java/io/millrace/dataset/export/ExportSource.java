package io.millrace.dataset.export;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetRef;

/** Which state of a dataset is exported. */
public sealed interface ExportSource {

  /** The samples as they are now, published or not. */
  record WorkingState() implements ExportSource {}

  /** The samples of a version. */
  record Published(DatasetRef ref) implements ExportSource {
    public Published {
      requireNonNull(ref, "ref is null");
    }
  }
}
