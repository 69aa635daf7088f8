package io.millrace.ingestion.layout

import java.nio.file.Path
import java.time.Instant
import java.util.{Map => JMap, Optional}

import scala.collection.mutable
import scala.jdk.CollectionConverters._

import io.millrace.dataset._
import io.millrace.dataset.LabelTaskType._
import io.millrace.dataset.export._
import io.millrace.dataset.export.format.{ExportFormats, ManifestFormat}
import io.millrace.dataset.manifest.PropertiesJson
import io.millrace.dataset.storage.StorageSettings
import io.millrace.ingestion._
import org.scalatest.funsuite.AnyFunSuite

/**
 * import(export(D)) = D, less what the export says is lost: the importers of this module read what
 * each format wrote, and every sample must come back as the format said it would. That the losses
 * counted are the differences found is shown by looking for them anew here. No engine is needed.
 */
class ExportRoundTripSuite extends AnyFunSuite with LayoutFixture {
  private val importFormats = Map(
    "voc-devkit" -> ImportFormat.VOC,
    "yolo-darknet" -> ImportFormat.YOLO).withDefault(name => ImportFormat.parse(name))

  /** Those that no importer reads, and SageMaker's files a part: other suites are theirs. */
  private val elsewhere = Set("webdataset", "parquet", "arrow", "csv", "sagemaker")

  private val trips =
    for {
      format <- ExportFormats.all.asScala.toSeq
      if !elsewhere(format.name)
      taskType <- LabelTaskType.values.toSeq
      if format.taskTypes.contains(taskType)
    } yield (format, taskType)

  test("VER-6 round trips - every label task type with samples - has at least one") {
    assert(trips.map(_._2).toSet === LabelTaskType.values.toSet - TABLE)
  }

  for ((format, taskType) <- trips) {
    test(s"VER-6 export - $taskType as ${format.name} - imported again it is the same, less the losses") {
      for (seed <- 1 to 3) {
        val originals = samples(taskType, seed)
        val target = StorageUri.of(directory().resolve("out"))
        val plan = planOf(taskType, originals.values.toSeq, target, format.mediaModes.get(0))
        val tally = exported(format, plan, originals.values.toSeq)
        val taken = originals.view
          .mapValues(format.fit(_, plan))
          .collect { case (content, fit: Fit.Taken) => content -> fit }
          .toMap
        assert(tally.seen === originals.size)
        assert(tally.exported === taken.size)
        val imported = importAgain(format, taskType, target)
        assert(imported.keySet === taken.keySet)
        for ((content, fit) <- taken) {
          assert(
            described(imported(content), format) === described(fit.carried, format),
            originals(content))
        }
        val found = mutable.Map[Loss, Long]().withDefaultValue(0L)
        for ((content, fit) <- taken) {
          differences(originals(content), fit, imported(content), format)
            .foreach { case (loss, count) => found(loss) += count }
        }
        assert(tally.losses.asScala.map { case (loss, n) => loss -> n.toLong } === found)
      }
    }
  }

  test("VER-6 export - as manifest with copied media - whole without the sources") {
    val originals = samples(OBJECT_DETECTION, 1).values.toSeq
    val target = StorageUri.of(directory().resolve("out"))
    val plan = planOf(OBJECT_DETECTION, originals, target, MediaMode.COPY)
    assert(exported(new ManifestFormat, plan, originals).exported === originals.size)
    val imported = importAgain(new ManifestFormat, OBJECT_DETECTION, target).values.toSeq
    assert(imported.forall(_.source.isSameOrBelow(target)))
    assert(imported.map(_.id).toSet === originals.map(_.id).toSet)
  }

  private def samples(taskType: LabelTaskType, seed: Int): Map[String, Sample] = {
    val samples =
      if (taskType == NONE) ExportedSamples.unannotated(directory())
      else ExportedSamples.of(taskType, directory(), seed)
    samples.map(sample => ExportedSamples.content(sample) -> sample).toMap
  }

  private def planOf(
      taskType: LabelTaskType,
      samples: Seq[Sample],
      target: StorageUri,
      media: MediaMode): ExportPlan =
    new ExportPlan(
      "cells",
      taskType,
      media,
      target,
      target,
      samples.flatMap(_.labels.asScala).asJava,
      samples.map(ExportPart.of(_)).asJava)

  /** Writes as an engine does, in two tasks. */
  private def exported(format: ExportFormat, plan: ExportPlan, samples: Seq[Sample]): ExportTally = {
    val numbers = samples
      .groupBy(sample => ExportName.key(sample.source))
      .values
      .flatMap(_.sortBy(_.id.value).zipWithIndex)
      .toMap
    val tally = new ExportTally
    val sorted = samples.sortBy(_.id.value)
    val tasks = sorted.grouped((sorted.size + 1) / 2).zipWithIndex.map { case (some, task) =>
      val output = new ExportOutput(plan.staging, task, StorageSettings.NONE)
      val writer = format.open(plan, output)
      some.foreach { sample =>
        format.fit(sample, plan) match {
          case fit: Fit.Taken =>
            writer.write(sample, fit, ExportName.of(sample, numbers(sample) + 1))
            tally.exported(sample, Losses.of(sample, fit))
          case left: Fit.LeftOut => tally.leftOut(sample, left.reason, left.message)
        }
      }
      writer.finish()
      output.finish().asScala.map(_ -> Int.box(task))
    }
    val lists = tasks.toSeq.flatten.groupMap(_._1)(_._2).view.mapValues(_.toSet.asJava).toMap
    val assembly = new ExportAssembly(plan.staging, StorageSettings.NONE, lists.asJava)
    format.finish(plan, assembly)
    assembly.removeParts()
    tally
  }

  private def importAgain(
      format: ExportFormat,
      taskType: LabelTaskType,
      target: StorageUri): Map[String, Sample] = {
    val source = if (format.name == "manifest") target.resolve("cells.manifest") else target
    val importFormat = SourceFormats.of(importFormats(format.name)).get
    accepted(open(importFormat, Path.of(source.path), taskType), BoxPolicy.KEEP)
      .map(_.sample)
      .map(sample => ExportedSamples.content(sample) -> sample)
      .toMap
  }

  /** A sample without what the source says and the import adds. */
  private def described(sample: Sample, format: ExportFormat): Sample =
    new Sample(
      if (format.name == "manifest") sample.id
      else new SampleId(if (sample.id == SampleId.ofSource(sample.source)) "derived" else "given"),
      StorageUri.ofContent(""),
      sample.kind,
      0,
      Optional.empty(),
      Instant.EPOCH,
      SourceState.UNKNOWN,
      sample.usage,
      sample.hardness,
      sample.properties,
      Measures.NONE,
      sample.annotations.asScala.map(described(_, format)).asJava,
      sample.inferenceLocation,
      Optional.empty(),
      sample.foreignFields
    )

  private def described(annotation: Annotation, format: ExportFormat): Annotation =
    annotation match {
      case o: Annotation.ImageObject =>
        val info = new AnnotationInfo(
          // COCO numbers objects; the number says nothing.
          if (format.name == "coco") Optional.empty() else o.info.id,
          o.info.properties,
          o.info.hardness,
          o.info.annotatedBy,
          o.info.creationTime,
          o.info.confidence,
          withoutMask(o.info.foreignFields))
        new Annotation.ImageObject(o.taskType, o.name, o.shape, o.traits, info)
      case other => other
    }

  private def withoutMask(foreign: String): String =
    if (foreign.isEmpty) ""
    else {
      val fields = PropertiesJson.read(foreign).values
      if (fields.keySet.asScala == Set("voc")
        && fields.get("voc").asInstanceOf[JMap[String, Object]].keySet.asScala == Set("mask_source")) ""
      else foreign
    }

  /** What was lost between a sample and the one that came back, looked for without the exporter. */
  private def differences(
      original: Sample,
      fit: Fit.Taken,
      imported: Sample,
      format: ExportFormat): Map[Loss, Long] = {
    val losses = mutable.Map[Loss, Long]().withDefaultValue(0L)
    def count(loss: Loss, lost: Boolean): Unit = if (lost) losses(loss) += 1
    val hadOwnId = original.id != SampleId.ofSource(original.source)
    count(Loss.SAMPLE_ID, hadOwnId && imported.id != original.id)
    count(Loss.USAGE, original.usage.isPresent && imported.usage != original.usage)
    count(Loss.USAGE_ASSIGNED, original.usage.isEmpty && imported.usage.isPresent)
    count(Loss.HARD, original.hardness.hard && !imported.hardness.hard)
    count(Loss.HARD_COEFFICIENT, gone(original.hardness.coefficient, imported.hardness.coefficient))
    count(Loss.PROPERTIES, !holds(imported.properties, original.properties))
    val kept = original.annotations.asScala.zip(fit.annotations.asScala).collect {
      case (annotation, carried) if carried.isPresent => annotation
    }
    losses(Loss.ANNOTATION) += original.annotations.size - imported.annotations.size
    assert(kept.size === imported.annotations.size)
    for ((had, has) <- kept.zip(imported.annotations.asScala)) {
      val (a, b) = (had.info, described(has, format).info)
      count(Loss.LABEL_CHANGED, had.label != has.label)
      count(Loss.ANNOTATION_ID, a.id.isPresent && a.id != b.id)
      count(Loss.ANNOTATION_PROPERTIES, !holds(b.properties, a.properties))
      count(Loss.ANNOTATION_HARD, a.hardness.hard && !b.hardness.hard)
      count(Loss.ANNOTATION_HARD_COEFFICIENT, gone(a.hardness.coefficient, b.hardness.coefficient))
      count(Loss.ANNOTATED_BY, a.annotatedBy.isPresent && a.annotatedBy != b.annotatedBy)
      count(Loss.CREATION_TIME, a.creationTime.isPresent && a.creationTime != b.creationTime)
      count(Loss.CONFIDENCE, gone(a.confidence, b.confidence))
      count(Loss.ANNOTATION_FOREIGN_FIELDS, a.foreignFields.nonEmpty && a.foreignFields != b.foreignFields)
      (had, has) match {
        case (o: Annotation.ImageObject, i: Annotation.ImageObject) =>
          val marks = (t: ObjectTraits) => (t.pose, t.truncated, t.occluded, t.difficult)
          count(Loss.TRAITS, marks(o.traits) != marks(i.traits))
          count(Loss.MASK_COLOR, o.traits.maskColor.isPresent && o.traits.maskColor != i.traits.maskColor)
          shapeLoss(o.shape, i.shape).foreach(count(_, lost = true))
        case _ => assert(had.getClass === has.getClass)
      }
    }
    losses.filter(_._2 > 0).toMap
  }

  private def shapeLoss(had: Shape, has: Shape): Option[Loss] = (had, has) match {
    case (a, b) if a == b => None
    case (a, b) if a.getClass == b.getClass => Some(Loss.SHAPE_CUT)
    case (_: Shape.BoundingBox, _: Shape.Polygon) => Some(Loss.SHAPE_BECAME_POLYGON)
    case (_: Shape.Circle, _: Shape.Polygon) => Some(Loss.SHAPE_BECAME_POLYGON)
    case (_, _: Shape.BoundingBox | _: Shape.Polygon) => Some(Loss.SHAPE_BECAME_BOX)
    case other => fail(s"no such change is expected: $other")
  }

  private def gone(had: java.util.OptionalDouble, has: java.util.OptionalDouble): Boolean =
    had.isPresent && had != has

  private def holds(all: Properties, some: Properties): Boolean =
    some.values.asScala.forall { case (name, value) =>
      all.values.containsKey(name) && all.values.get(name) == value
    }
}
