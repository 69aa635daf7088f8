package io.millrace.ingestion.layout

import java.nio.file.{Files, Path}
import java.time.Instant

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{ImportId, LabelTaskType, Limits, StorageUri}
import io.millrace.ingestion.{BoxPolicy, TextOptions}
import io.millrace.ingestion.layout.Outcome.{Accepted, Refused}
import io.millrace.ingestion.probe.ImageProbe

/** Reads sources by their layout as an import does, without an engine. */
trait LayoutFixture {
  val id = new ImportId("imp-00000001")
  val now: Instant = Instant.parse("2026-08-01T10:00:00Z")

  /** A source and how it is read. */
  case class Laid(source: StorageUri, layout: ImportLayout)

  def directory(): Path = Files.createTempDirectory("layout-")

  def glance(source: Path): SourceGlance =
    SourceGlance.of(StorageUri.of(source), Stores.open()).get

  /** The source as its format opens it. */
  def open(
      format: SourceFormat,
      source: Path,
      taskType: LabelTaskType,
      text: TextOptions = TextOptions.DEFAULT): Laid = {
    val request = new LayoutRequest(glance(source), taskType, Limits.DEFAULT, text)
    Laid(StorageUri.of(source), format.open(request))
  }

  /** What becomes of all that the source holds. */
  def outcomes(laid: Laid, policy: BoxPolicy = BoxPolicy.REJECT): Seq[Outcome] = {
    val limits = new Limits(100, 100, 60000, 1000000, 1000000, 10000, 10000)
    val rules = new InspectionRules(new ImageProbe(60000, 50000), limits, policy)
    val stores = Stores.open()
    val inspector = new SampleInspector(stores, rules, id, now)
    val store = stores.of(laid.source)
    val objects =
      if (store.isDirectory(laid.source)) store.list(laid.source)
      else store.find(laid.source).stream()
    try {
      objects.iterator.asScala.toSeq
        .flatMap { file =>
          val entries = laid.layout.entries(file, stores)
          try entries.iterator.asScala.toSeq
          finally entries.close()
        }
        .groupBy(_.key)
        .values
        .toSeq
        .flatMap(group => laid.layout.assemble(group.asJava, inspector).asScala)
    } finally objects.close()
  }

  /** The samples of a source of which nothing is refused. */
  def accepted(laid: Laid, policy: BoxPolicy = BoxPolicy.REJECT): Seq[Accepted] = {
    val found = outcomes(laid, policy)
    val refusals = found.collect { case refused: Refused => refused }
    if (refusals.nonEmpty) throw new AssertionError(s"refused: $refusals")
    found.collect { case accepted: Accepted => accepted }
  }

  /** The refusals of a source of which nothing is accepted. */
  def refused(laid: Laid): Seq[Refused] = {
    val found = outcomes(laid)
    val samples = found.collect { case accepted: Accepted => accepted }
    if (samples.nonEmpty) throw new AssertionError(s"accepted: $samples")
    found.collect { case refused: Refused => refused }
  }
}
