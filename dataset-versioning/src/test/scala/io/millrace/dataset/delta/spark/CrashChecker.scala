package io.millrace.dataset.delta.spark

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.apache.spark.sql.SparkSession

import io.millrace.dataset.{DatasetRef, Digest, StorageUri}
import io.millrace.dataset.delta.{DatasetLayout, DeltaDatasetHistory, ImportLog, RejectTable}
import io.millrace.dataset.storage.ObjectStores
import io.millrace.dataset.versioning.DatasetVersion

/**
 * What has to hold of a dataset after any process was killed at any moment: every reader reads, and
 * every version is whole. Looks at a disk and at an object store alike.
 */
final class CrashChecker(spark: SparkSession, layout: DatasetLayout) {

  /** The versions there are, oldest first, each of them checked. */
  def versions(): Seq[DatasetVersion] = {
    val found = history.versions.asScala.toSeq
    found.foreach(assertWhole)
    assertReadable()
    found
  }

  /**
   * The versions there are now, each of them checked.
   *
   * @param before those that were there before a process was killed that would have made one more:
   *   they are unchanged, and at most one more is there
   */
  def versionsAfter(before: Seq[DatasetVersion]): Seq[DatasetVersion] = {
    val after = versions()
    assert(after.take(before.size) == before, "a version changed or is gone")
    assert(after.size <= before.size + 1)
    after
  }

  /** The working state and what belongs to it can be read: a half commit would fail here. */
  private def assertReadable(): Unit = {
    val table = DatasetTable.open(spark, layout)
    val ids = table.samples().select("id").collect().map(_.getString(0))
    assert(ids.distinct.length == ids.length, "a sample is there twice")
    assert(table.rejects().count() == RejectTable.of(layout).latest(Int.MaxValue).size)
    val imports = ImportLog.of(layout).read().asScala.map(_.id)
    assert(imports.distinct.size == imports.size, "an import is there twice")
  }

  private def assertWhole(version: DatasetVersion): Unit = {
    val resolved = history.resolve(DatasetRef.of(history.info.name, version.name))
    val manifest = bytes(resolved.manifest)
    assert(Digest.ofBytes(manifest) == version.manifestDigest, s"${version.name}: manifest")
    val table = DatasetTable.open(spark, layout)
    assert(table.version(resolved).count() == version.samples, s"${version.name}: rows")
    assert(manifest.count(_ == '\n') == version.samples, s"${version.name}: lines")
    annotationFiles(new String(manifest, "UTF-8")).foreach { file =>
      assert(bytes(file).nonEmpty, s"${version.name}: $file")
    }
  }

  private def history = DeltaDatasetHistory.load(layout)

  /** The addresses that the manifest names below the directory of the dataset. */
  private def annotationFiles(manifest: String): Seq[StorageUri] =
    CrashChecker.Location.findAllMatchIn(manifest).map(found => StorageUri.parse(found.group(1)))
      .filter(_.isSameOrBelow(layout.root)).toSeq

  private def bytes(address: StorageUri): Array[Byte] =
    Using.resource(ObjectStores.of(address).open(address))(_.readAllBytes())
}

object CrashChecker {
  private val Location = "\"annotation-loc\":\"([^\"]+)\"".r
}
