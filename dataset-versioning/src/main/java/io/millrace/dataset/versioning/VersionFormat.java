package io.millrace.dataset.versioning;

/** In which form the files of a version are written, beside its rows. */
public enum VersionFormat {
  /** ModelArts' manifest, JSON Lines: of all kinds of datasets but tables. */
  MANIFEST,
  /** Of table datasets. */
  CSV,
  /** Of table datasets. */
  PARQUET
}
