package io.millrace.jobs.bench;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.ingestion.ImportFormat;
import io.millrace.jobs.bench.spark.GeneratedDataset;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is measured at growing sizes. */
enum ScaleTask {
  /** The import of texts within a manifest, so that no million files are needed. */
  IMPORT("texts of a manifest") {
    @Override
    double run(
        SparkEngine engine, Path directory, String name, long samples, long seed, HeapWatch heap)
        throws IOException {
      Path manifest = directory.resolve(name + ".manifest");
      ManifestFile.writeTexts(manifest, samples, seed);
      heap.takePeak();
      try {
        return new FreshImport(engine, directory.resolve("datasets"))
            .run(name, LabelTaskType.TEXT_CLASSIFICATION, manifest, ImportFormat.MANIFEST, samples);
      } finally {
        Files.delete(manifest);
      }
    }
  },

  /** The publishing of labelled images, which need not exist for it. */
  PUBLISH("labelled images") {
    @Override
    double run(
        SparkEngine engine, Path directory, String name, long samples, long seed, HeapWatch heap) {
      DatasetLayout dataset =
          GeneratedDataset.create(engine, directory.resolve("datasets"), name, samples, seed);
      heap.takePeak();
      long start = System.nanoTime();
      DatasetVersion version = DatasetJobs.publish(engine, dataset, PublishRequest.DEFAULT);
      double seconds = (System.nanoTime() - start) / 1e9;
      if (version.samples() != samples) {
        throw new IllegalStateException(
            "Of %s samples %s were published".formatted(samples, version.samples()));
      }
      return seconds;
    }
  };

  private final String samples;

  ScaleTask(String samples) {
    this.samples = samples;
  }

  /** What its samples are. */
  String samples() {
    return samples;
  }

  /**
   * Does it once.
   *
   * @param name of a dataset that is made for it
   * @param heap its peak is taken before the part that counts begins
   * @return the seconds of the part that counts
   */
  abstract double run(
      SparkEngine engine, Path directory, String name, long samples, long seed, HeapWatch heap)
      throws IOException;
}
