package io.millrace.dataset.delta;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.FirstNamed;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.TagName;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.storage.StorageErrors;
import io.millrace.dataset.versioning.VersionEvent;
import io.millrace.dataset.versioning.VersionHistory;
import java.net.URI;
import java.util.Collection;
import java.util.List;

/** What can go wrong with datasets as a whole, said to the user. */
final class DatasetErrors {
  private static final int MOST_NAMED = 10;

  private DatasetErrors() {}

  static DatasetException noDataset(
      DatasetName name, StorageUri root, Collection<DatasetName> known) {
    return new DatasetException(
        known.isEmpty()
            ? "Cannot find dataset %s: there are no datasets in %s. Create it first, or name the directory that holds it."
                .formatted(name, root)
            : "Cannot find dataset %s in %s: the datasets there are %s. Use one of these names."
                .formatted(name, root, enumerated(known)));
  }

  static DatasetException nameTaken(DatasetName name, StorageUri directory) {
    return new DatasetException(
        "Cannot create dataset %s: it exists already, in %s. Choose another name."
            .formatted(name, directory));
  }

  static DatasetException createdTwice(DatasetName name) {
    return new DatasetException(
        "Cannot create dataset %s: another process is creating one of this name. Run the command again."
            .formatted(name));
  }

  static DatasetException notADataset(StorageUri directory) {
    return new DatasetException(
        "Cannot open a dataset in %s: the table tables/dataset is not there. Name the directory that a dataset was created in."
            .formatted(directory));
  }

  static DatasetException noVersions(DatasetRef ref) {
    return new DatasetException(
        "Cannot read %s: the dataset has no published version. Publish one first.".formatted(ref));
  }

  static DatasetException noVersion(DatasetRef ref, VersionHistory known) {
    StringBuilder names =
        new StringBuilder("The versions are %s".formatted(enumerated(known.names())));
    if (!known.tags().isEmpty()) {
      names.append(", the tags ").append(enumerated(known.tags().keySet()));
    }
    if (known.branches().size() > 1) {
      names.append(", the branches ").append(enumerated(known.branches()));
    }
    return new DatasetException(
        "Cannot read %s: there is no such version. %s.".formatted(ref, names));
  }

  static DatasetException versionDeleted(DatasetRef ref, List<VersionName> left) {
    return new DatasetException(
        "Cannot read %s: this version was deleted. %s"
            .formatted(
                ref,
                left.isEmpty()
                    ? "No version is left; publish one."
                    : "The versions are " + enumerated(left) + "."));
  }

  static DatasetException tagged(
      DatasetName dataset, VersionName version, Collection<TagName> tags) {
    return new DatasetException(
        "Cannot delete %s@%s: the tags %s mark it. Move or remove them first."
            .formatted(dataset, version, enumerated(tags)));
  }

  static DatasetException nameInUse(String verb, DatasetName dataset, String name, String user) {
    return new DatasetException(
        "Cannot %s %s@%s: %s has this name. Choose another name."
            .formatted(verb, dataset, name, user));
  }

  static DatasetException noTag(DatasetName dataset, TagName tag, Collection<TagName> known) {
    return new DatasetException(
        known.isEmpty()
            ? "Cannot remove the tag %s of %s: the dataset has no tags.".formatted(tag, dataset)
            : "Cannot remove the tag %s of %s: there is no such tag. The tags are %s."
                .formatted(tag, dataset, enumerated(known)));
  }

  static DatasetException noBranch(
      String verb, DatasetName dataset, BranchName branch, Collection<BranchName> known) {
    return new DatasetException(
        "Cannot %s branch %s of %s: there is no such branch. The branches are %s."
            .formatted(verb, branch, dataset, enumerated(known)));
  }

  static DatasetException rowsWithoutIds(VersionName from, VersionName to) {
    return new DatasetException(
        "Cannot compare %s with %s: they are of a table, whose rows have no ids by which to find the same row in both. Compare their files."
            .formatted(from, to));
  }

  static DatasetException branchReplaced(DatasetName dataset, BranchName branch) {
    return new DatasetException(
        "Cannot publish on branch %s of %s: it was deleted, and another of its name was created. Run the command again to publish that."
            .formatted(branch, dataset));
  }

  static DatasetException mainBranch(DatasetName dataset) {
    return new DatasetException(
        "Cannot delete branch %s of %s: every dataset has it. Delete the dataset's directory to be rid of the dataset."
            .formatted(BranchName.MAIN, dataset));
  }

  static DatasetException versionTaken(DatasetName dataset, VersionName version) {
    return new DatasetException(
        "Cannot publish %s@%s: this version exists already. Choose another name, or none to get the next one."
            .formatted(dataset, version));
  }

  static DatasetException unreadable(StorageUri address, Exception cause) {
    String why =
        StorageErrors.reason(address, cause)
            .orElseGet(
                () ->
                    "%s. Check that the storage is reachable and the files are whole"
                        .formatted(cause.getMessage()));
    return new DatasetException("Cannot read %s: %s.".formatted(address, why), cause);
  }

  static DatasetException unwritable(StorageUri address, Exception cause) {
    String why =
        StorageErrors.reason(address, cause)
            .orElseGet(() -> "%s. Check permissions and free space".formatted(cause.getMessage()));
    return new DatasetException("Cannot write to %s: %s.".formatted(address, why), cause);
  }

  /** An event that others came before each time. */
  static DatasetException alwaysOvertaken(
      StorageUri dataset, VersionEvent wanted, int attempts, VersionEvent last) {
    return new DatasetException(
        "Cannot %s in %s: other writers came first %s times, the last of them to %s. Run the command again when they have finished."
            .formatted(wanted.operation(), dataset, attempts, last.operation()));
  }

  /** A commit that may have been made: the storage answered neither it nor what came of it. */
  static DatasetException unknownOutcome(StorageUri commit, Exception cause) {
    String why =
        StorageErrors.reason(commit, cause).orElseGet(() -> String.valueOf(cause.getMessage()));
    return new DatasetException(
        "Cannot tell whether %s was committed: %s. Look at the dataset once the storage answers again, and repeat the command if what it does is missing."
            .formatted(commit, why),
        cause);
  }

  static DatasetException unconditionalStore(String bucket, String endpoint) {
    return new DatasetException(
        "Cannot commit to %s: the storage at %s ignores If-None-Match, so of two writers one would overwrite the commit of the other unnoticed. Use a storage that heeds it, as Amazon S3 does, or a file system; only where one process alone ever writes, set fs.%s.millrace.single-writer=true."
            .formatted(bucket, endpoint, URI.create(bucket).getScheme()));
  }

  static DatasetException unconditionalClient(String bucket, String client, Exception cause) {
    return new DatasetException(
        "Cannot commit to %s: its connector %s cannot create an object on condition that there is none. Reach the storage through S3A, or keep the dataset elsewhere."
            .formatted(bucket, client),
        cause);
  }

  /** It could not be found out whether a store heeds conditions. */
  static DatasetException untestable(StorageUri probe, Exception cause) {
    String why =
        StorageErrors.reason(probe, cause)
            .orElseGet(() -> "%s. Check permissions".formatted(String.valueOf(cause.getMessage())));
    return new DatasetException(
        "Cannot find out whether commits are safe there by creating %s: %s.".formatted(probe, why),
        cause);
  }

  static DatasetException interrupted(InterruptedException cause) {
    return new DatasetException(
        "Cannot commit: the process was told to stop. Run the command again.", cause);
  }

  private static String enumerated(Collection<?> names) {
    return FirstNamed.of(names, MOST_NAMED);
  }
}
