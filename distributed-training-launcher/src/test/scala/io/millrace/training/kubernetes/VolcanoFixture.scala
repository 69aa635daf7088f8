package io.millrace.training.kubernetes

import java.nio.file.Path
import java.util.{List => JList}

import io.millrace.dataset.StorageUri
import io.millrace.training._

/** A job on shared storage, and settings that mount it. */
object VolcanoFixture {
  val id = new RunId("0a1b2c3d")

  def job(storage: Path, layout: ProcessLayout = ProcessLayout.PROCESS_PER_NODE): TrainingJob.Builder =
    TrainingJob
      .builder("cells", storage.resolve("code/detector"), "train.py")
      .input(TrainingInput.of("data_url", StorageUri.of(storage.resolve("data"))))
      .output(TrainingOutput.of("train_url", StorageUri.of(storage.resolve("out/cells"))))
      .parameter("epochs", "10")
      .nodes(2)
      .layout(layout)

  def claim(storage: Path): SharedMount =
    new SharedMount(new SharedMount.Claim("training-data"), storage, storage)

  def settings(storage: Path): VolcanoSettings =
    VolcanoSettings
      .of(Path.of("/runs"), "registry.example.com/pytorch:2.5")
      .withMounts(JList.of(claim(storage)))
}
