package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.PublishedFiles;
import io.millrace.dataset.delta.TableVersion;
import io.millrace.dataset.delta.VersionLog;
import io.millrace.dataset.delta.spark.VersionFiles.WrittenFile;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.MultisetDigest;
import io.millrace.dataset.versioning.Provenance;
import io.millrace.dataset.versioning.PublishCost;
import io.millrace.dataset.versioning.PublishId;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.dataset.versioning.Release;
import io.millrace.dataset.versioning.VersionFormat;
import io.millrace.dataset.versioning.VersionHistory;
import io.millrace.dataset.versioning.VersionSeal;
import io.millrace.dataset.versioning.VersionState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the working state of a dataset as a version that never changes again.
 *
 * <p>The rows are copied to where versions are kept, manifest and annotation files are written
 * where readers see nothing of them. Then one commit makes the version exist, and its files get
 * their place ({@link PublishedFiles}). A process that dies before the commit leaves nothing but
 * hidden leftovers, which a publishing one day later removes; one that dies after it leaves a whole
 * version, whose files the next reader moves to their place.
 *
 * <p>Media are not copied. An unlabelled sample belongs to the version, but to no part of a split.
 */
public final class PublishJob {
  private static final Logger log = LoggerFactory.getLogger(PublishJob.class);

  /** Longer than any publishing takes: what is older was left by a process that died. */
  private static final Duration LEFTOVER_AGE = Duration.ofDays(1);

  private final SparkSession spark;
  private final DatasetTable table;
  private final DatasetLayout layout;
  private final PublishRequest request;
  private final Clock clock;
  private final VersionLog versionLog;

  public PublishJob(SparkSession spark, DatasetTable table, PublishRequest request, Clock clock) {
    this.spark = requireNonNull(spark, "spark is null");
    this.table = requireNonNull(table, "table is null");
    this.request = requireNonNull(request, "request is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.layout = table.layout();
    this.versionLog = VersionLog.of(layout);
  }

  /**
   * Publishes.
   *
   * @return the version, whole and readable
   * @throws DatasetException if the name is taken, there are no samples, they cannot be split as
   *     asked, or the disk is too full; nothing has changed then
   */
  public DatasetVersion run() {
    long start = System.nanoTime();
    VersionHistory before = versionLog.read();
    VersionName name = request.name().orElseGet(before::nextName);
    VersionLog.checkFree(table.info().name(), name, before);
    PublishId publishId = PublishId.of(clock.instant(), new SecureRandom());
    before.versions().forEach(version -> PublishedFiles.of(layout, version).putInPlace());
    removeLeftovers(before);

    Content content = isTable() ? rowsOfTable() : samples(before);
    DatasetVersion version;
    try {
      version = versionLog.publish(table.info().name(), content.write(name, publishId));
    } catch (Exception e) { // Spark throws checked ones that no signature names.
      removeAfterFailure(publishId, e);
      throw e;
    }
    PublishedFiles files = PublishedFiles.of(layout, version);
    files.putInPlace();
    files.removeStaging();
    log.info(
        "Published {}: {} samples {} in {} ms",
        DatasetRef.of(table.info().name(), name),
        version.samples(),
        version.parts(),
        Duration.ofNanos(System.nanoTime() - start).toMillis());
    return version;
  }

  /** What is published, looked at and found fit. */
  private interface Content {
    /** Writes all but the commit, and says what it would make visible. */
    DatasetVersion write(VersionName name, PublishId publishId);
  }

  private boolean isTable() {
    return table.info().taskType().kind() == DatasetKind.TABLE;
  }

  private Content rowsOfTable() {
    TablePublishing publishing = TablePublishing.of(spark, table, request);
    checkSpace(new PublishCost(0, 0, 0, publishing.bytes()));
    return (name, publishId) -> publishing.write(name, publishId, clock.instant());
  }

  private Content samples(VersionHistory before) {
    if (request.table().isPresent()) {
      throw new DatasetException(
          "Cannot publish %s as %s: only tables are published so, samples as a manifest. Leave the format out."
              .formatted(table.info().name(), request.table().get()));
    }
    long samplesState = TableVersion.latest(layout.samplesTable()).orElseThrow(this::noSamples);
    VersionSelection selection =
        VersionSelection.of(
            SplitDraw.withRules(table.samplesAt(samplesState), request.split()),
            table.info(),
            request);
    checkSelection(selection);
    Dataset<Row> divided = SplitDraw.divided(table, selection, request.split(), before.versions());
    return (name, publishId) ->
        write(selection.rows(publishId, divided), name, publishId, samplesState);
  }

  private void checkSelection(VersionSelection selection) {
    VersionSelection.Contents contents = selection.contents();
    if (contents.samples() == 0) {
      throw noSamples();
    }
    if (contents.withoutSize() > 0) {
      throw withoutSize(selection);
    }
    checkSpace(
        new PublishCost(
            contents.samples(),
            contents.objectFiles(),
            contents.objects(),
            TableVersion.bytes(layout.samplesTable())));
  }

  private void checkSpace(PublishCost cost) {
    layout
        .root()
        .localPath()
        .ifPresent(local -> cost.checkFits(usableBytes(local), layout.root().toString()));
  }

  private static long usableBytes(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot ask for the free space at " + directory, e);
    }
  }

  private DatasetException noSamples() {
    return new DatasetException(
        "Cannot publish %s: it has no samples. Import some first.".formatted(table.info().name()));
  }

  private DatasetException withoutSize(VersionSelection selection) {
    return new DatasetException(
        "Cannot publish %s: the width and height of %s annotated images are unknown, for example of %s. Import them again, so that their headers are read."
            .formatted(
                table.info().name(),
                selection.contents().withoutSize(),
                selection.sourceWithoutSize()));
  }

  /** Writes all but the commit, and says what it would make visible. */
  private DatasetVersion write(
      Dataset<Row> rows, VersionName name, PublishId publishId, long samplesState) {
    table.committing(
        "publish",
        layout.versionSamplesTable(),
        () -> {
          table.append(rows, layout.versionSamplesTable(), DatasetTable.PUBLISH_ID);
          return publishId;
        });
    Dataset<Row> written =
        table.versionSamples().where(col(DatasetTable.PUBLISH_ID).equalTo(publishId.value()));
    VersionFiles files = VersionFiles.of(layout, name, publishId);
    List<VersionPart> parts = files.write(written);
    VersionPart whole = parts.stream().reduce(VersionPart.NOTHING, VersionPart::plus);
    WrittenFile manifest = files.joinManifest(parts, name);
    WrittenFile index = files.joinIndex(parts, layout.index(publishId.value()));
    files.removeParts();
    return new DatasetVersion(
        name,
        publishId.value(),
        request.taskType().orElse(table.info().taskType()),
        request.description(),
        clock.instant(),
        Optional.empty(),
        VersionState.NORMAL,
        layout.manifest(name),
        manifest.digest(),
        whole.samples(),
        whole.sortedByUsage(),
        whole.sortedByLabel(),
        whole.mediaBytes(),
        VersionFormat.MANIFEST,
        layout.branch(),
        seal(publishId, name, whole, manifest, index),
        provenance(whole, samplesState));
  }

  private VersionSeal seal(
      PublishId publishId,
      VersionName name,
      VersionPart whole,
      WrittenFile manifest,
      WrittenFile index) {
    MultisetDigest.Adder joined = new MultisetDigest.Adder();
    manifest.addTo(joined, name + ".manifest");
    index.addTo(joined, VersionFiles.INDEX);
    long rowBytes = versionLog.storedBytes().getOrDefault(publishId.value(), 0L);
    return new VersionSeal(
        whole.rows().toDigest(),
        whole.files().plus(joined.sum()).toDigest(),
        whole.fileBytes() + manifest.bytes() + index.bytes() + rowBytes);
  }

  private Provenance provenance(VersionPart whole, long samplesState) {
    return new Provenance(
        Release.name(),
        System.getProperty("user.name"),
        samplesState,
        whole.latestImports(),
        whole.imports().size(),
        request.settings(),
        SampleOperations.sinceLastVersion(table, samplesState));
  }

  private void removeLeftovers(VersionHistory before) {
    PublishLeftovers leftovers = new PublishLeftovers(table, before.publishIds());
    leftovers.removeStartedBefore(clock.instant().minus(LEFTOVER_AGE));
  }

  private void removeAfterFailure(PublishId publishId, Exception failure) {
    try {
      new PublishLeftovers(table, versionLog.read().publishIds()).remove(publishId);
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}
