package io.millrace.dataset.delta

import java.time.Instant

import io.millrace.dataset._
import io.millrace.dataset.versioning._

/** Versions as a publishing would hand them to the log, of which only the entries exist. */
object PublishedVersions {
  def version(layout: DatasetLayout, name: String, at: Instant) = new DatasetVersion(
    new VersionName(name),
    "pub-" + name,
    LabelTaskType.OBJECT_DETECTION,
    "first",
    at,
    java.util.Optional.empty(),
    VersionState.NORMAL,
    layout.manifest(new VersionName(name)),
    Digest.ofText("x"),
    3,
    new java.util.TreeMap(java.util.Map.of("TRAIN", Long.box(3))),
    new java.util.TreeMap(java.util.Map.of("猫", Long.box(3))),
    99,
    VersionFormat.MANIFEST,
    layout.branch,
    new VersionSeal(Digest.ofText("rows"), Digest.ofText("files"), 1234),
    new Provenance("0.1.0", "me", 7, java.util.List.of(), 0, Properties.EMPTY)
  )
}
