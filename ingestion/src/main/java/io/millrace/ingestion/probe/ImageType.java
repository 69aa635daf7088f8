package io.millrace.ingestion.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A type of image file, known by its first bytes and by the extensions of its name. */
public enum ImageType {
  JPEG(Support.SUPPORTED, "jpg", "jpeg"),
  PNG(Support.SUPPORTED, "png"),
  BMP(Support.SUPPORTED, "bmp"),
  GIF(Support.RECOGNISED, "gif"),
  WEBP(Support.RECOGNISED, "webp"),
  TIFF(Support.RECOGNISED, "tif", "tiff"),
  HEIF(Support.RECOGNISED, "heic", "heif"),
  AVIF(Support.RECOGNISED, "avif");

  private enum Support {
    SUPPORTED,
    RECOGNISED
  }

  /** How many first bytes {@link #ofFirstBytes} wants to see. */
  static final int MAGIC_BYTES = 12;

  private final Support support;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> extensions;

  ImageType(Support support, String... extensions) {
    this.support = support;
    this.extensions = List.of(extensions);
  }

  /** Whether datasets hold images of this type; the others are recognised to be refused by name. */
  public boolean isSupported() {
    return support == Support.SUPPORTED;
  }

  /** The type that a file's name claims, whatever the case of its extension. */
  public static Optional<ImageType> ofFileName(String fileName) {
    String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return fileName.indexOf('.') < 0
        ? Optional.empty()
        : Arrays.stream(values()).filter(type -> type.extensions.contains(extension)).findFirst();
  }

  /** The type that the first bytes prove; empty for no image, or for fewer bytes than it takes. */
  static Optional<ImageType> ofFirstBytes(byte[] bytes) {
    if (startsWith(bytes, 0, "\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    }
    if (startsWith(bytes, 0, "\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    }
    if (startsWith(bytes, 0, "GIF87a") || startsWith(bytes, 0, "GIF89a")) {
      return Optional.of(GIF);
    }
    if (startsWith(bytes, 0, "RIFF") && startsWith(bytes, 8, "WEBP")) {
      return Optional.of(WEBP);
    }
    if (startsWith(bytes, 0, "II*\0")
        || startsWith(bytes, 0, "MM\0*")
        || startsWith(bytes, 0, "II+\0")
        || startsWith(bytes, 0, "MM\0+")) {
      return Optional.of(TIFF);
    }
    if (startsWith(bytes, 4, "ftypavi")) {
      return Optional.of(AVIF);
    }
    if (startsWith(bytes, 4, "ftyphei")
        || startsWith(bytes, 4, "ftyphev")
        || startsWith(bytes, 4, "ftypmif1")
        || startsWith(bytes, 4, "ftypmsf1")) {
      return Optional.of(HEIF);
    }
    // Last, since two letters prove little; the header's own fields are checked in turn.
    return startsWith(bytes, 0, "BM") ? Optional.of(BMP) : Optional.empty();
  }

  /** Whether the bytes at an offset are these characters, one byte each. */
  private static boolean startsWith(byte[] bytes, int offset, String magic) {
    if (bytes.length < offset + magic.length()) {
      return false;
    }
    for (int i = 0; i < magic.length(); i++) {
      if ((bytes[offset + i] & 0xff) != magic.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
