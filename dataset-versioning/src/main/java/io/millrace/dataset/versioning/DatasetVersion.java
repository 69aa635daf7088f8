package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.Digest;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.VersionName;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A published version: a state of a dataset that never changes again.
 *
 * @param publishId identifies the act of publishing; the version's rows carry it
 * @param parent the version that was current on its branch before, if there was one
 * @param manifest where the manifest lies
 * @param manifestDigest of the manifest's bytes
 * @param samples how many there are
 * @param parts samples a usage; samples without one count under {@code NONE}
 * @param labels samples a label (a sample with two objects of a label counts once)
 * @param mediaBytes the samples' sizes, added up
 * @param format of its files
 * @param branch on which it was published
 * @param seal what it was when it was published
 * @param provenance how it came about
 */
public record DatasetVersion(
    VersionName name,
    String publishId,
    LabelTaskType taskType,
    String description,
    Instant createdAt,
    Optional<VersionName> parent,
    VersionState state,
    StorageUri manifest,
    Digest manifestDigest,
    long samples,
    NavigableMap<String, Long> parts,
    NavigableMap<String, Long> labels,
    long mediaBytes,
    VersionFormat format,
    BranchName branch,
    VersionSeal seal,
    Provenance provenance) {
  /** The key of {@link #parts} for samples without a usage. */
  public static final String NO_PART = "NONE";

  public DatasetVersion {
    requireNonNull(name, "name is null");
    requireNonNull(publishId, "publishId is null");
    requireNonNull(taskType, "taskType is null");
    requireNonNull(description, "description is null");
    requireNonNull(createdAt, "createdAt is null");
    requireNonNull(parent, "parent is null");
    requireNonNull(state, "state is null");
    requireNonNull(manifest, "manifest is null");
    requireNonNull(manifestDigest, "manifestDigest is null");
    requireNonNull(format, "format is null");
    requireNonNull(branch, "branch is null");
    requireNonNull(seal, "seal is null");
    requireNonNull(provenance, "provenance is null");
    checkArgument(samples >= 0, "Invalid version %s: %s samples", name, samples);
    checkArgument(mediaBytes >= 0, "Invalid version %s: %s media bytes", name, mediaBytes);
    parts = sortedCopy(parts);
    labels = sortedCopy(labels);
  }

  /** This version as the log of its dataset records it: its moment and its parent. */
  public DatasetVersion recorded(Instant createdAt, Optional<VersionName> parent) {
    return with(createdAt, parent, state);
  }

  /** This version after its deletion. */
  public DatasetVersion deleted() {
    return with(createdAt, parent, VersionState.DELETED);
  }

  private DatasetVersion with(Instant createdAt, Optional<VersionName> parent, VersionState state) {
    return new DatasetVersion(
        name,
        publishId,
        taskType,
        description,
        createdAt,
        parent,
        state,
        manifest,
        manifestDigest,
        samples,
        parts,
        labels,
        mediaBytes,
        format,
        branch,
        seal,
        provenance);
  }

  private static NavigableMap<String, Long> sortedCopy(Map<String, Long> map) {
    return Collections.unmodifiableNavigableMap(new TreeMap<>(map));
  }
}
