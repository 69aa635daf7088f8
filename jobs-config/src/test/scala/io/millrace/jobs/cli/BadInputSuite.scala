package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import io.millrace.dataset.{
  Annotation,
  AnnotationInfo,
  DatasetKind,
  DatasetName,
  Label,
  LabelTaskType,
  Measures,
  ObjectTraits,
  Sample,
  Shape,
  StorageUri,
  VersionName
}
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.delta.spark.{DatasetTable, PublishJob, SampleRows, SharedSparkSession}
import io.millrace.dataset.versioning.{PublishRequest, SplitPlan}
import io.millrace.dataset.ImportId
import org.scalatest.funsuite.AnyFunSuite

/** Each kind of bad input ends in one sentence: what failed, with which value, and what to do. */
class BadInputSuite extends AnyFunSuite with SharedSparkSession {
  private lazy val root: Path = temporaryDirectory()
  private lazy val datasets: String = Files.createDirectories(root.resolve("datasets")).toString
  private lazy val media: Path = Files.createDirectories(root.resolve("media"))
  private lazy val code: Path = {
    val directory = Files.createDirectories(root.resolve("code"))
    Files.writeString(directory.resolve("train.py"), "print('trained')\n")
    directory
  }

  test("bad input - on the command line - fails in one sentence with the value and the remedy") {
    spark // The engine that commands join.
    create("cells")
    publish("cells", labelled = 20, name = "V001")
    create("bare")
    upsert("bare", images("bare", labelled = 0, bare = 5))
    create("empty")
    val notOnnx = Files.createDirectories(root.resolve("not-onnx"))
    Files.writeString(notOnnx.resolve("model.onnx"), "no model at all")
    Files.writeString(
      notOnnx.resolve("model.yaml"),
      Files.readString(examples.resolve("detector/pretrained/model.yaml"))
    )

    checkAll(
      ExitCode.FAILED,
      cases(
        (
          "a missing source",
          Seq("dataset", "import", "cells", root.resolve("nowhere").toString, "--format", "voc"),
          Seq("nowhere", "no such", ".")
        ),
        (
          "a dataset inside its source",
          Seq("dataset", "import", "cells", root.toString, "--format", "voc"),
          Seq("Cannot import", "would import itself", "another directory")
        ),
        (
          "a dataset that is not there",
          Seq("dataset", "import", "cels", media.toString, "--format", "voc"),
          Seq("cels", "cells")
        ),
        (
          "an existing version name",
          Seq("version", "publish", "cells", "--name", "V001"),
          Seq("V001", "exists")
        ),
        (
          "no sample at all",
          Seq("version", "publish", "empty"),
          Seq("empty", "no sample")
        ),
        (
          "no labelled sample to split",
          Seq("version", "publish", "bare", "--train-ratio", "0.80"),
          Seq("no sample is labelled", "Label samples first, or publish without a split")
        ),
        (
          "a ratio out of range",
          Seq("version", "publish", "cells", "--train-ratio", "1.20"),
          Seq("Invalid train_evaluate_sample_ratio: '1.20'", "expected 0.00 to 1.00")
        ),
        (
          "an unknown version",
          Seq("analyze", "cells@V009"),
          Seq("V009", "V001")
        ),
        (
          "an unpublished dataset",
          Seq("analyze", "bare"),
          Seq("bare", "ublish")
        ),
        (
          "too few groups",
          Seq("group", "cells", "--groups", "1"),
          Seq("Invalid groups: 1", "expected 2 to 200")
        ),
        (
          "a model that is not there",
          batch("--model", root.resolve("no-model").toString),
          Seq("no-model")
        ),
        (
          "a model that is no model",
          batch("--model", notOnnx.toString),
          Seq("not-onnx", "ONNX Runtime says", "Check that the file is a complete ONNX model")
        ),
        (
          "a part without samples",
          batch("--model", examples.resolve("detector/pretrained").toString, "--part", "test"),
          Seq("part TEST", "no sample", "Choose another part")
        ),
        (
          "output inside the input",
          Seq(
            "batch", "run", "--model", examples.resolve("detector/pretrained").toString,
            "--input", media.toString, "--output", media.resolve("scores").toString
          ),
          Seq("scores", "inside", media.getFileName.toString)
        ),
        (
          "a missing code directory",
          train("--code-dir", root.resolve("no-code").toString, "--boot-file", "train.py"),
          Seq("Cannot start training job 'cells'", "no-code", "Give the directory")
        ),
        (
          "a boot file that is no Python and no node",
          train("--code-dir", code.toString, "--boot-file", "train.sh", "--nodes", "0"),
          Seq("Invalid boot-file: 'train.sh'", "Invalid nodes: 0")
        ),
        (
          "an input version that is not there",
          train("--code-dir", code.toString, "--boot-file", "train.py", "--input", "data_url=cells@V009"),
          Seq("V009", "V001")
        ),
        (
          "a run that is not there",
          Seq("train", "show", "nothing", "--runs", root.resolve("runs").toString),
          Seq("Cannot find training run 'nothing'")
        )
      )
    )
  }

  test("bad input - that the command line itself refuses - is a usage error with the choices") {
    checkAll(
      ExitCode.USAGE,
      cases(
        (
          "an unknown format",
          Seq("dataset", "import", "cells", "src", "--format", "vok"),
          Seq("vok", "voc", "imagenet", "manifest")
        ),
        (
          "an unknown task type",
          Seq("dataset", "create", "x", "--type", "DETECTION"),
          Seq("DETECTION", "OBJECT_DETECTION")
        ),
        (
          "a misspelt command",
          Seq("dataset", "lst"),
          Seq("lst", "list")
        ),
        (
          "a bad number of rejects",
          Seq("dataset", "import", "cells", "src", "--format", "voc", "--max-rejects", "many"),
          Seq("many")
        )
      )
    )
  }

  /** What is bad about it, the arguments, and words that the message must have. */
  private type Case = (String, Seq[String], Seq[String])

  private def cases(all: Case*): Seq[Case] = all

  /** Runs every case, so that one failure shows all that is wrong. */
  private def checkAll(exitCode: Int, all: Seq[Case]): Unit = {
    val wrong = all.flatMap { case (what, arguments, words) =>
      val run = CommandLineRun.of(arguments ++ Seq("--datasets", datasets): _*)
      val shown = s"$what: exit code ${run.exitCode}, ${run.out}${run.err}"
      val missing = words.filterNot(word => run.err.contains(word))
      val technical = Seq("\tat ", "io.millrace").filter(word => run.err.contains(word))
      val sentence = exitCode == ExitCode.USAGE || run.err.startsWith("millrace: ")
      if (run.exitCode == exitCode && missing.isEmpty && technical.isEmpty && sentence) None
      else Some(s"$shown lacks $missing, has $technical")
    }
    assert(wrong === Nil, wrong.mkString("\n\n"))
  }

  private def batch(arguments: String*): Seq[String] =
    Seq("batch", "run", "--input", "cells@V001", "--output", root.resolve("out").toString) ++ arguments

  private def train(arguments: String*): Seq[String] =
    Seq("train", "submit", "--name", "cells", "--runs", root.resolve("runs").toString) ++ arguments

  private def examples: Path = Path.of("..", "examples").toAbsolutePath.normalize()

  private def catalog: DatasetCatalog = DatasetCatalog.at(StorageUri.of(Path.of(datasets)))

  private def create(name: String): DatasetLayout =
    catalog.create(
      new DatasetName(name),
      LabelTaskType.OBJECT_DETECTION,
      "",
      java.time.Clock.systemUTC()
    )

  private def upsert(name: String, samples: Seq[Sample]): DatasetTable = {
    val table = DatasetTable.open(spark, catalog.find(new DatasetName(name)))
    val rows = spark.createDataFrame(SampleRows.toRows(java.util.List.of(samples: _*)), SampleRows.SCHEMA)
    table.upsert(rows, ImportId.random())
    table
  }

  private def publish(dataset: String, labelled: Int, name: String): Unit = {
    val table = upsert(dataset, images(dataset, labelled, bare = 0))
    val request = PublishRequest.DEFAULT.withName(new VersionName(name)).withSplit(SplitPlan.NONE)
    new PublishJob(spark, table, request, java.time.Clock.systemUTC()).run()
    ()
  }

  private def images(dataset: String, labelled: Int, bare: Int): Seq[Sample] =
    (0 until labelled + bare).map { i =>
      val box: Annotation = new Annotation.ImageObject(
        LabelTaskType.OBJECT_DETECTION,
        new Label("cell"),
        new Shape.BoundingBox(1, 1, 9, 9),
        ObjectTraits.DEFAULT,
        AnnotationInfo.NONE
      )
      Sample
        .of(
          StorageUri.of(media.resolve(s"$dataset-$i.jpg")),
          DatasetKind.IMAGE,
          100,
          java.time.Instant.parse("2026-11-22T00:00:00Z")
        )
        .withMeasures(Measures.ofImage(10, 10, 3))
        .withAnnotations(if (i < labelled) java.util.List.of(box) else java.util.List.of())
    }
}
