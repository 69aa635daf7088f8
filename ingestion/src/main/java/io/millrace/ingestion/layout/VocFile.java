package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.voc.ParsedVoc;
import io.millrace.dataset.voc.VocDocument;
import io.millrace.dataset.voc.VocFault;
import io.millrace.dataset.voc.VocImage;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What reading a Pascal VOC file gave. */
sealed interface VocFile {

  /**
   * A file that was read.
   *
   * @param isRepaired whether an oddity of it was put right while reading
   */
  record Read(VocDocument document, boolean isRepaired) implements VocFile {
    public Read {
      requireNonNull(document, "document is null");
    }

    /** The image it says it is of; empty where it names none. */
    Optional<String> fileName() {
      return document.image().map(VocImage::filename);
    }

    /** What differs between the file and its image, of which the image is right. */
    List<Note> notes(Sample sample) {
      List<Note> notes = new ArrayList<>();
      if (document.image().isPresent()) {
        VocImage image = document.image().get();
        if (differs(image.width(), sample.measures().width())
            || differs(image.height(), sample.measures().height())) {
          notes.add(Note.SIZE_MISMATCH);
        }
        if (!names(image.filename(), sample.source().fileName())) {
          notes.add(Note.FILENAME_MISMATCH);
        }
      }
      if (isRepaired) {
        notes.add(Note.ANNOTATION_REPAIRED);
      }
      return notes;
    }

    private static boolean differs(int stated, OptionalInt actual) {
      return actual.isPresent() && stated != actual.getAsInt();
    }

    /** Whether the name is the image's, with its extension or without. */
    private static boolean names(String name, String image) {
      return name.equals(image) || name.equals(SourceDirectory.withoutExtension(image));
    }
  }

  /** A file that could not be read, or is no valid Pascal VOC. */
  record Broken(StorageUri file, RejectReason reason, String message) implements VocFile {
    public Broken {
      requireNonNull(file, "file is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
    }

    /** The refusal of the image, which names the annotation file. */
    Outcome refusalOf(StorageUri image) {
      return Outcome.refused(image, reason, "Annotation file %s: %s", file, message);
    }
  }

  /** What the codec made of a file. */
  static VocFile of(StorageUri file, ParsedVoc parsed) {
    if (parsed instanceof ParsedVoc.Accepted accepted) {
      return new Read(accepted.document(), !accepted.warnings().isEmpty());
    }
    ParsedVoc.Rejected rejected = (ParsedVoc.Rejected) parsed;
    return new Broken(
        file,
        reason(rejected.fault()),
        "line %d, column %d: %s."
            .formatted(rejected.line(), rejected.column(), withoutEnd(rejected.message())));
  }

  /** Some complaints of the XML parser end in a full stop, ours do not. */
  private static String withoutEnd(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private static RejectReason reason(VocFault fault) {
    return switch (fault) {
      case BROKEN_BOX -> RejectReason.BROKEN_BOX;
      case TOO_LARGE -> RejectReason.ANNOTATION_TOO_LARGE;
      case EMPTY_FILE,
          BROKEN_XML,
          FORBIDDEN_XML,
          NOT_VOC,
          MISSING_FIELD,
          EMPTY_FIELD,
          INVALID_FIELD,
          BROKEN_SHAPE,
          NO_POSITION,
          SEVERAL_POSITIONS,
          EMPTY_PROPERTY ->
          RejectReason.BROKEN_ANNOTATION;
    };
  }
}
