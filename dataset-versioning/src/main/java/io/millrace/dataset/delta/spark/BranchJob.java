package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.Properties;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.delta.DatasetBranches;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.ImportLog;
import io.millrace.dataset.delta.VersionLog;
import io.millrace.dataset.versioning.Branch;
import io.millrace.dataset.versioning.DatasetVersion;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates a branch with the samples of a version. Rows are copied, media are not.
 *
 * <p>The working state is written first, into a directory that no other creation uses; then one
 * commit to the log of versions makes the branch exist. A process that dies in between leaves a
 * directory that nobody reads, and that a creation one day later removes. Of two that create a
 * branch of one name at once, one succeeds and the other is told that the name is taken.
 */
public final class BranchJob {
  private static final Logger log = LoggerFactory.getLogger(BranchJob.class);

  /** Longer than any creation takes: what is older was left by a process that died. */
  private static final Duration LEFTOVER_AGE = Duration.ofDays(1);

  private final SparkSession spark;
  private final DatasetCatalog catalog;
  private final String by;
  private final Clock clock;

  /**
   * @param by the name of the user, for the audit
   */
  public BranchJob(SparkSession spark, DatasetCatalog catalog, String by, Clock clock) {
    this.spark = requireNonNull(spark, "spark is null");
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.by = requireNonNull(by, "by is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * Creates a branch.
   *
   * @param from the version that it begins with
   * @return the version, by its own name
   * @throws DatasetException if there is no such version, it is of a table, or something has the
   *     name; nothing has changed then
   */
  public DatasetVersion run(BranchName name, DatasetRef from) {
    long start = System.nanoTime();
    DatasetName dataset = from.dataset();
    SampleState state =
        SampleState.open(spark, catalog, new StateRef.Published(from), "make a branch of");
    DatasetVersion version = state.version().orElseThrow();
    VersionLog.checkBranchFree(dataset, name, state.history());
    DatasetBranches branches = DatasetBranches.of(state.table().layout());
    Instant now = clock.instant();
    branches.removeLeftovers(now.minus(LEFTOVER_AGE));

    Branch branch = Branch.create(name, Optional.of(version.name()), new SecureRandom());
    DatasetTable onBranch = DatasetTable.open(spark, state.table().layout().onBranch(branch));
    try {
      write(onBranch, state.rows(), version);
      ImportLog imports = ImportLog.of(onBranch.layout());
      ImportLog.of(state.table().layout()).read().forEach(imports::append);
      VersionLog.of(onBranch.layout()).createBranch(dataset, branch, now);
    } catch (RuntimeException e) {
      discard(branches, branch, e);
      throw e;
    }
    log.info(
        "Created branch {} of {} with {} samples of {} in {} ms",
        name,
        dataset,
        version.samples(),
        version.name(),
        Duration.ofNanos(System.nanoTime() - start).toMillis());
    return version;
  }

  private void write(DatasetTable onBranch, Dataset<Row> rows, DatasetVersion version) {
    AuditEntry entry =
        new AuditEntry(
            UUID.randomUUID(),
            clock.instant().truncatedTo(ChronoUnit.MICROS),
            by,
            SampleOperations.BRANCH,
            Properties.EMPTY.with("from", version.name().value()),
            Properties.EMPTY.with("samples", version.samples()),
            AuditEntry.DONE);
    new SampleCommit(onBranch)
        .commit(rows.coalesce(spark.sparkContext().defaultParallelism()), entry);
  }

  private static void discard(DatasetBranches branches, Branch branch, RuntimeException failure) {
    try {
      branches.discard(branch);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
