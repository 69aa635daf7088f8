package io.millrace.dataset.delta;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.versioning.Branch;

/**
 * Where things lie within a dataset's directory {@code <name>-<id>}.
 *
 * <pre>
 * annotation/V001/V001.manifest        what a trainer or another system reads
 * annotation/V001/annotations/*.xml    Pascal VOC files that the manifest names; on object stores
 *                                      in a directory with the name of the publishing
 * index/pub-....index                  what a version holds, in a form that is compared fast
 * data/3f/3f0c....jpg                  copies of sources, where an import was asked for them
 * tables/dataset                       one row: what the dataset is
 * tables/samples                       the working state, one row a sample
 * tables/imports                       one row an import that changed something
 * tables/rejects                       inputs that imports refused, with reasons
 * tables/audit                         one row an operation that changed something; see AuditLog
 * tables/versions                      one row a published version; the commit that makes it visible
 * tables/version_samples               the samples of every version, partitioned by publish id
 * tables/metrics                       feature-analysis results, partitioned by version
 * </pre>
 *
 * <p>What is the working state, samples, imports, rejects and audit, each branch has for itself:
 * that of {@code main} lies as shown, that of others in {@code tables/branches/<branch>-<random>/}.
 * Versions are the dataset's, whatever the branch.
 *
 * <p>A table dataset has, instead of samples:
 *
 * <pre>
 * annotation/V001/V001.manifest        names the files below
 * annotation/V001/parquet/*.parquet    the rows of a version
 * annotation/V001/csv/*.csv            the same as text, where that was asked for
 * data/                                the rows, as a Delta table; its schema is the dataset's
 * logs/imp-....json                    the report of each import that changed something
 * temp/                                for files in the making
 * tables/table_sources                 one row a file or database table that rows came from
 * </pre>
 */
public record DatasetLayout(StorageUri root, Branch workingOn) {
  private static final String ANNOTATIONS = "annotations/";

  public DatasetLayout {
    requireNonNull(root, "root is null");
    requireNonNull(workingOn, "workingOn is null");
  }

  /** On the branch {@link BranchName#MAIN}. */
  public DatasetLayout(StorageUri root) {
    this(root, Branch.MAIN);
  }

  /** The same dataset on another branch, one of its history. */
  public DatasetLayout onBranch(Branch branch) {
    return new DatasetLayout(root, branch);
  }

  /** The branch whose working state this shows. */
  public BranchName branch() {
    return workingOn.name();
  }

  public StorageUri datasetTable() {
    return table("dataset");
  }

  public StorageUri samplesTable() {
    return branchTable("samples");
  }

  public StorageUri importsTable() {
    return branchTable("imports");
  }

  public StorageUri rejectsTable() {
    return branchTable("rejects");
  }

  public StorageUri auditTable() {
    return branchTable("audit");
  }

  public StorageUri versionsTable() {
    return table("versions");
  }

  public StorageUri versionSamplesTable() {
    return table("version_samples");
  }

  public StorageUri metricsTable() {
    return table("metrics");
  }

  /** The directory that holds copies of sources. */
  public StorageUri data() {
    return root.resolve("data");
  }

  /** The rows of a table dataset. */
  public StorageUri dataTable() {
    return workingOn.isMain() ? root.resolve("data") : branchTable("data");
  }

  /** Where the rows of a table dataset came from, and how it looked then. */
  public StorageUri tableSourcesTable() {
    return branchTable("table_sources");
  }

  /** The report of an import into a table dataset. */
  public StorageUri log(ImportId importId) {
    return root.resolve("logs/" + importId + ".json");
  }

  /** The directory that holds a version's manifest and annotation files. */
  public StorageUri annotation(VersionName version) {
    return root.resolve("annotation/" + version);
  }

  public StorageUri manifest(VersionName version) {
    return annotation(version).resolve(version + ".manifest");
  }

  /** What a version holds, in the form of {@link io.millrace.dataset.versioning.VersionIndex}. */
  public StorageUri index(String publishId) {
    return root.resolve("index/" + publishId + ".index");
  }

  /**
   * Where, within the directory of a version, its annotation files are found: on an object store
   * each publishing has a directory of its own, since it writes there before it is committed.
   *
   * @return a relative path that ends with a slash
   */
  public String annotationPath(String publishId) {
    return isInObjectStore() ? ANNOTATIONS + publishId + "/" : ANNOTATIONS;
  }

  /**
   * Where a publishing writes annotation files: in its staging directory, which is renamed in one
   * step; or, since an object store renames nothing, where the manifest names them. Nobody looks
   * for them there before the manifest is.
   */
  public StorageUri annotationsInMaking(VersionName version, String publishId) {
    return isInObjectStore()
        ? annotation(version).resolve(annotationPath(publishId))
        : staging(publishId).resolve(ANNOTATIONS);
  }

  /**
   * Where a publishing writes the files of a table: in its staging directory, or, on an object
   * store, where they stay.
   */
  public StorageUri tableFilesInMaking(VersionName version, String publishId) {
    return isInObjectStore() ? annotationsInMaking(version, publishId) : staging(publishId);
  }

  /** Where the files of a version of a table lie. */
  public StorageUri tableFiles(VersionName version, String publishId) {
    return isInObjectStore() ? annotationsInMaking(version, publishId) : annotation(version);
  }

  /** The manifest of a publishing until its commit. */
  public StorageUri stagedManifest(VersionName version, String publishId) {
    return staging(publishId).resolve(version + ".manifest");
  }

  /** Whether the dataset lies where a directory is but a part of the names of objects. */
  public boolean isInObjectStore() {
    return switch (root.scheme()) {
      case S3, S3A, OBS -> true;
      case FILE, HDFS, HTTPS, CONTENT -> false;
    };
  }

  /** The directory that holds the files of a version until its commit. */
  public StorageUri staging(String publishId) {
    return root.resolve("annotation/.staging-" + publishId);
  }

  /**
   * An address within the dataset as a path relative to its directory.
   *
   * @throws IllegalStateException if it lies elsewhere
   */
  String relative(StorageUri address) {
    String base = root.canonical().path() + "/";
    String path = address.canonical().path();
    if (!address.isSameOrBelow(root) || !path.startsWith(base)) {
      throw new IllegalStateException(address + " does not lie in " + root);
    }
    return path.substring(base.length());
  }

  /** What the working state of a branch other than {@link BranchName#MAIN} lies in. */
  public StorageUri branchDirectory() {
    return branches().resolve(workingOn.place());
  }

  /** The directory of these. */
  public StorageUri branches() {
    return table("branches");
  }

  private StorageUri branchTable(String name) {
    return workingOn.isMain() ? table(name) : branchDirectory().resolve(name);
  }

  private StorageUri table(String name) {
    return root.resolve("tables/" + name);
  }
}
