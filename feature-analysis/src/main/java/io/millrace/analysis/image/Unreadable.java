package io.millrace.analysis.image;

/** Why the pixels of a sample could not be had. The text form is the name in reports. */
public enum Unreadable {
  /** There is nothing at the source's address. */
  MISSING("missing"),
  /** The storage failed. */
  STORAGE_FAILED("storage-failed"),
  /** A file without a byte. */
  EMPTY("empty"),
  /** Larger than the limit for images. */
  TOO_LARGE("too-large"),
  /** A JPEG or PNG file that ends before its image does. */
  TRUNCATED("truncated"),
  /** Bytes that no decoder knows as an image, or a damaged image. */
  NOT_AN_IMAGE("not-an-image");

  private final String id;

  Unreadable(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }
}
