package io.millrace.dataset.versioning

import java.time.Instant
import java.util.Optional

import io.millrace.dataset._

/** Versions about which nothing matters but names. */
object Versions {
  val begin: Instant = Instant.parse("2026-05-06T12:00:00Z")

  def version(
      name: String,
      parent: Option[String] = None,
      branch: BranchName = BranchName.MAIN,
      minute: Int = 0,
      description: String = "",
      manifest: Option[StorageUri] = None
  ): DatasetVersion = new DatasetVersion(
    new VersionName(name),
    "pub-" + name,
    LabelTaskType.OBJECT_DETECTION,
    description,
    begin.plusSeconds(60L * minute),
    Optional.ofNullable(parent.map(new VersionName(_)).orNull),
    VersionState.NORMAL,
    manifest.getOrElse(StorageUri.parse(s"/datasets/pets-1/annotation/$name/$name.manifest")),
    Digest.ofText(name),
    3,
    new java.util.TreeMap(java.util.Map.of("TRAIN", Long.box(3))),
    new java.util.TreeMap(java.util.Map.of("猫", Long.box(3))),
    99,
    VersionFormat.MANIFEST,
    branch,
    new VersionSeal(Digest.ofText("rows"), Digest.ofText("files"), 1234),
    new Provenance("0.1.0", "me", 7, java.util.List.of(), 0, Properties.EMPTY)
  )
}
