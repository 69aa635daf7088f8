package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.ingestion.RejectReason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A small file of text: UTF-8 with or without a byte order mark, else GBK (read as its superset GB
 * 18030), with line ends LF, CR LF or CR.
 */
sealed interface TextFile {
  /** What Chinese systems write that do not write UTF-8. */
  Charset GBK = Charset.forName("GB18030");

  /** A file that was read. */
  record Read(StorageUri file, String text) implements TextFile {
    public Read {
      requireNonNull(file, "file is null");
      requireNonNull(text, "text is null");
    }

    /** Its lines without their ends; the end of the last line begins no other. */
    List<String> lines() {
      return text.lines().toList();
    }
  }

  /** A file that could not be read. */
  record Broken(StorageUri file, RejectReason reason, String message) implements TextFile {
    public Broken {
      requireNonNull(file, "file is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
    }

    /** The refusal of the sample, which names the annotation file. */
    Outcome refusalOf(StorageUri sample) {
      return Outcome.refused(sample, reason, "Annotation file %s: %s", file, message);
    }
  }

  /** The text that bytes hold, if they are text at all. */
  static TextFile of(StorageUri file, byte[] bytes) {
    return decoded(bytes, StandardCharsets.UTF_8)
        .or(() -> decoded(bytes, GBK))
        .<TextFile>map(text -> new Read(file, text.startsWith("\uFEFF") ? text.substring(1) : text))
        .orElseGet(
            () ->
                new Broken(
                    file,
                    RejectReason.BROKEN_ANNOTATION,
                    "The bytes are text neither in UTF-8 nor in GBK."));
  }

  private static Optional<String> decoded(byte[] bytes, Charset charset) {
    try {
      return Optional.of(
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
