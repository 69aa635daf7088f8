package io.millrace.ingestion.probe;

import io.millrace.dataset.DatasetKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A type of recording or video, known by its first bytes and by the extensions of its name. */
public enum MediaType {
  WAV(DatasetKind.AUDIO, Support.SUPPORTED, "wav", "wave"),
  MP3(DatasetKind.AUDIO, Support.RECOGNISED, "mp3"),
  FLAC(DatasetKind.AUDIO, Support.RECOGNISED, "flac"),
  OGG(DatasetKind.AUDIO, Support.RECOGNISED, "ogg", "oga", "opus"),
  AIFF(DatasetKind.AUDIO, Support.RECOGNISED, "aif", "aiff", "aifc"),
  M4A(DatasetKind.AUDIO, Support.RECOGNISED, "m4a"),
  AMR(DatasetKind.AUDIO, Support.RECOGNISED, "amr"),
  MP4(DatasetKind.VIDEO, Support.SUPPORTED, "mp4", "m4v"),
  /** QuickTime's own files, which have the boxes of MP4. */
  MOV(DatasetKind.VIDEO, Support.SUPPORTED, "mov", "qt"),
  /** Matroska, of which WebM is a part. */
  WEBM(DatasetKind.VIDEO, Support.RECOGNISED, "webm", "mkv"),
  AVI(DatasetKind.VIDEO, Support.RECOGNISED, "avi"),
  FLV(DatasetKind.VIDEO, Support.RECOGNISED, "flv"),
  /** Windows Media, sound or video. */
  ASF(DatasetKind.VIDEO, Support.RECOGNISED, "wmv", "asf", "wma"),
  MPEG(DatasetKind.VIDEO, Support.RECOGNISED, "mpg", "mpeg", "ts");

  private enum Support {
    SUPPORTED,
    RECOGNISED
  }

  /** How many first bytes {@link #ofFirstBytes} wants to see. */
  static final int MAGIC_BYTES = 12;

  private final DatasetKind kind;
  private final Support support;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> extensions;

  MediaType(DatasetKind kind, Support support, String... extensions) {
    this.kind = kind;
    this.support = support;
    this.extensions = List.of(extensions);
  }

  /** {@link DatasetKind#AUDIO} or {@link DatasetKind#VIDEO}. */
  public DatasetKind kind() {
    return kind;
  }

  /** Whether datasets hold files of this type; the others are recognised to be refused by name. */
  public boolean isSupported() {
    return support == Support.SUPPORTED;
  }

  /** The type that a file's name claims, whatever the case of its extension. */
  public static Optional<MediaType> ofFileName(String fileName) {
    String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return fileName.indexOf('.') < 0
        ? Optional.empty()
        : Arrays.stream(values()).filter(type -> type.extensions.contains(extension)).findFirst();
  }

  /** The type that the first bytes prove; empty for no recording and no video. */
  static Optional<MediaType> ofFirstBytes(byte[] bytes) {
    // One character a byte.
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.startsWith("RIFF") || text.startsWith("RF64") || text.startsWith("BW64")) {
      return ofRiff(text);
    }
    if (text.startsWith("ftyp", 4)) {
      return text.startsWith("M4A ", 8) || text.startsWith("M4B ", 8)
          ? Optional.of(M4A)
          : Optional.of(text.startsWith("qt  ", 8) ? MOV : MP4).filter(type -> !isImage(bytes));
    }
    if (List.of("moov", "mdat", "wide", "pnot").stream().anyMatch(box -> text.startsWith(box, 4))) {
      return Optional.of(MOV);
    }
    if (text.startsWith("fLaC")) {
      return Optional.of(FLAC);
    }
    if (text.startsWith("OggS")) {
      return Optional.of(OGG);
    }
    if (text.startsWith("FORM") && text.startsWith("AIF", 8)) {
      return Optional.of(AIFF);
    }
    if (text.startsWith("#!AMR")) {
      return Optional.of(AMR);
    }
    if (text.startsWith("\u001aE\u00df\u00a3")) {
      return Optional.of(WEBM);
    }
    if (text.startsWith("FLV\u0001")) {
      return Optional.of(FLV);
    }
    if (text.startsWith("0&\u00b2u\u008ef\u00cf\u0011")) {
      return Optional.of(ASF);
    }
    if (text.startsWith("\0\0\u0001\u00ba") || text.startsWith("\0\0\u0001\u00b3")) {
      return Optional.of(MPEG);
    }
    return text.startsWith("ID3") || isMp3Frame(bytes) ? Optional.of(MP3) : Optional.empty();
  }

  private static Optional<MediaType> ofRiff(String text) {
    if (text.startsWith("WAVE", 8)) {
      return Optional.of(WAV);
    }
    return text.startsWith("AVI ", 8) ? Optional.of(AVI) : Optional.empty();
  }

  /** HEIF and AVIF images have the boxes of MP4 too. */
  private static boolean isImage(byte[] bytes) {
    return ImageType.ofFirstBytes(bytes).isPresent();
  }

  /** Eleven set bits, a version and a layer that exist. */
  private static boolean isMp3Frame(byte[] bytes) {
    return bytes.length >= 2
        && (bytes[0] & 0xff) == 0xff
        && (bytes[1] & 0xe0) == 0xe0
        && (bytes[1] & 0x18) != 0x08
        && (bytes[1] & 0x06) == 0x02;
  }
}
