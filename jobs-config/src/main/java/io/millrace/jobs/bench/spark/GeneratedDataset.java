package io.millrace.jobs.bench.spark;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.Digest;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Measures;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.spark.DatasetTable;
import io.millrace.dataset.delta.spark.SampleRows;
import io.millrace.jobs.spark.SparkEngine;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** Datasets of labelled images that exist as rows alone: no file is made. */
public final class GeneratedDataset {
  private static final Instant CREATED_AT = Instant.parse("2026-11-22T00:00:00Z");
  private static final int LABELS = 20;

  private GeneratedDataset() {}

  /**
   * Makes a dataset and its samples.
   *
   * @param seed the same one gives the same samples
   */
  public static DatasetLayout create(
      SparkEngine engine, Path datasets, String name, long samples, long seed) {
    DatasetLayout layout =
        DatasetCatalog.at(StorageUri.of(datasets))
            .create(
                new DatasetName(name), LabelTaskType.IMAGE_CLASSIFICATION, "", Clock.systemUTC());
    grow(engine, layout, samples, seed);
    return layout;
  }

  /** Brings the first so many samples of a seed into a dataset; those it has stay as they are. */
  public static void grow(SparkEngine engine, DatasetLayout dataset, long samples, long seed) {
    DatasetTable.open(engine.session(), dataset)
        .upsert(rows(engine, samples, seed), new ImportId("imp-20261122000000-0123456789ab"));
  }

  /** Changes one sample in 256. */
  public static void change(SparkEngine engine, DatasetLayout dataset) {
    DatasetTable table = DatasetTable.open(engine.session(), dataset);
    table.setProperty(
        "reviewed",
        table.samples().where("id LIKE '%0' AND id LIKE '_0%'").selectExpr("id", "'yes' AS value"));
  }

  private static Dataset<Row> rows(SparkEngine engine, long samples, long seed) {
    return engine
        .session()
        .range(samples)
        .map(
            (MapFunction<Long, Row>) number -> SampleRows.toRow(sample(number, seed)),
            Encoders.row(SampleRows.SCHEMA));
  }

  private static Sample sample(long number, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    Label label = new Label("class-%02d".formatted(random.nextInt(LABELS)));
    String source = "s3://pictures/%03d/img_%08d.jpg".formatted(random.nextInt(1000), number);
    return Sample.of(
            StorageUri.parse(source),
            DatasetKind.IMAGE,
            20_000 + random.nextInt(400_000),
            CREATED_AT)
        .withDigest(Optional.of(Digest.ofText(source)))
        .withMeasures(Measures.ofImage(640 + random.nextInt(1280), 480 + random.nextInt(720), 3))
        .withAnnotations(
            List.of(
                new Annotation.Classification(
                    LabelTaskType.IMAGE_CLASSIFICATION, label, AnnotationInfo.NONE)))
        .withOrigin(Optional.of(new ImportId("imp-20261122000000-0123456789ab")));
  }
}
