package io.millrace.dataset.versioning;

import io.millrace.dataset.DatasetRef;
import java.util.List;
import java.util.Optional;

/** The published versions of one dataset, read without any engine. A snapshot: it never changes. */
public interface DatasetHistory {

  DatasetInfo info();

  /** The versions, tags and branches, deleted versions too. */
  VersionHistory history();

  /** The versions in state NORMAL, oldest first. */
  List<DatasetVersion> versions();

  /** The version that references without a version name mean; empty before the first publish. */
  Optional<DatasetVersion> current();

  /**
   * The version that a reference names: by its name, a tag, a branch, or the moment at which it was
   * current.
   *
   * @throws io.millrace.dataset.DatasetException if there is no such version, naming those there
   *     are
   */
  DatasetVersion resolve(DatasetRef ref);
}
