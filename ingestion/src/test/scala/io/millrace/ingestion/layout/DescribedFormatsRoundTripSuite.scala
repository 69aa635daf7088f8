package io.millrace.ingestion.layout

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import io.millrace.dataset._
import io.millrace.dataset.delta.spark.GeneratedSamples
import io.millrace.dataset.export._
import io.millrace.dataset.export.format.{HuggingfaceFormat, SagemakerFormat}
import io.millrace.dataset.manifest.PropertiesJson
import io.millrace.dataset.storage.StorageSettings
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

/** What the exporters of described formats say that a format carries is what the importers read. */
class DescribedFormatsRoundTripSuite extends AnyFunSuite {
  private val samples = GeneratedSamples.samples(1500, 20260801)

  test("VER-6 sagemaker - any samples, exported and read - exactly what the format says it carries") {
    forAll(Table("task type", LabelTaskType.IMAGE_CLASSIFICATION, LabelTaskType.OBJECT_DETECTION,
      LabelTaskType.TEXT_CLASSIFICATION, LabelTaskType.NAMED_ENTITY_RECOGNITION)) { taskType =>
      val (plan, taken) = exported(new SagemakerFormat, taskType, MediaMode.REFERENCE)
      val read = linesOf(plan.staging, ".manifest").flatMap { case (file, lines) =>
        lines.map(line => SagemakerLine.parse(StorageUri.of(file), line).sample)
      }
      val bySource = read.map(sample => sample.source -> sample).toMap
      assert(bySource.size === taken.size)
      for (carried <- taken) {
        val found = bySource(carried.source)
        assert(found.annotations.asScala.sortBy(_.toString) === carried.annotations.asScala.sortBy(_.toString))
        assert(found.properties === carried.properties)
      }
      assert(taken.exists(!_.annotations.isEmpty))
    }
  }

  test("VER-6 huggingface - any samples, exported and read - exactly what the format says it carries") {
    forAll(Table("task type", LabelTaskType.IMAGE_CLASSIFICATION, LabelTaskType.OBJECT_DETECTION,
      LabelTaskType.AUDIO_CLASSIFICATION, LabelTaskType.SPEECH_CONTENT)) { taskType =>
      val (plan, taken) = exported(new HuggingfaceFormat, taskType, MediaMode.COPY)
      val usages = Map("train" -> Usage.TRAIN, "validation" -> Usage.EVAL, "test" -> Usage.TEST)
      val read = linesOf(plan.staging, "metadata.jsonl").flatMap { case (file, lines) =>
        val usage = usages.get(file.getParent.getFileName.toString)
        lines.map { line =>
          HuggingfaceRow.parse(StorageUri.of(file.getParent), PropertiesJson.read(line).values, taskType)
            .withUsage(usage.toJava)
        }
      }
      assert(read.forall(sample => Files.exists(sample.source.requireLocalPath())))
      assert(read.map(_.source).distinct.size === taken.size)
      def described(sample: Sample) =
        (sample.usage, sample.annotations.asScala.map(_.toString).sorted, sample.properties.toString)
      assert(read.map(described).sortBy(_.toString) === taken.map(described).sortBy(_.toString))
      assert(taken.exists(!_.annotations.isEmpty))
    }
  }

  /** Writes samples of the kind; the samples as the format carries them. */
  private def exported(format: ExportFormat, taskType: LabelTaskType, media: MediaMode): (ExportPlan, Seq[Sample]) = {
    val directory = Files.createTempDirectory("millrace-test-")
    val source = Files.writeString(directory.resolve("x.jpg"), "pixels")
    val all = samples.zipWithIndex.map { case (sample, i) =>
      val local = if (media == MediaMode.COPY) StorageUri.of(source) else StorageUri.parse(s"/data/$i.jpg")
      (if (media == MediaMode.COPY) sample.withDigest(java.util.Optional.empty()).withSizeBytes(6) else sample)
        .withSource(local).withKind(taskType.kind)
    }
    val plan = new ExportPlan(
      "x-V001", taskType, media, StorageUri.of(directory.resolve("export")), StorageUri.of(directory.resolve("export")),
      all.flatMap(_.labels.asScala).distinct.asJava, ExportPart.values.toSeq.asJava)
    val output = new ExportOutput(plan.staging, 0, StorageSettings.ofProcess)
    val writer = format.open(plan, output)
    val taken = all.zipWithIndex.map { case (sample, i) =>
      val fit = format.fit(sample, plan).asInstanceOf[Fit.Taken]
      writer.write(sample, fit, new ExportName(i + 1, "x", ".jpg"))
      assert(Losses.of(sample, fit) !== null)
      fit.carried
    }
    writer.finish()
    val lists = output.finish().asScala.map(list => list -> java.util.Set.of(Int.box(0))).toMap
    format.finish(plan, new ExportAssembly(plan.staging, StorageSettings.ofProcess, lists.asJava))
    (plan, taken)
  }

  private def linesOf(directory: StorageUri, ending: String): Seq[(Path, Seq[String])] = {
    val files = Files.walk(directory.requireLocalPath())
    try
      files.iterator().asScala
        .filter(file => file.toString.endsWith(ending) && !file.toString.contains("/.parts/") && Files.isRegularFile(file))
        .map(file => file -> Files.readAllLines(file).asScala.toSeq).toSeq
    finally files.close()
  }
}
