package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import java.util.Locale;
import java.util.Optional;

/**
 * A piece of a source. All pieces of one sample have the same key, and no piece of another sample
 * has it.
 */
public sealed interface LayoutEntry {

  String key();

  /** A file that is a sample: an image, a recording, a text ... */
  record MediaFile(String key, StoredObject file) implements LayoutEntry {
    public MediaFile {
      requireNonNull(key, "key is null");
      requireNonNull(file, "file is null");
    }
  }

  /** A file that annotates a sample. */
  record AnnotationFile(String key, StoredObject file) implements LayoutEntry {
    public AnnotationFile {
      requireNonNull(key, "key is null");
      requireNonNull(file, "file is null");
    }
  }

  /** A line of a list that names the samples of a set. */
  record SetMember(String key, ImageSet set) implements LayoutEntry {
    public SetMember {
      requireNonNull(key, "key is null");
      requireNonNull(set, "set is null");
    }
  }

  /** A file that is no part of the layout. */
  record OtherFile(String key) implements LayoutEntry {
    public OtherFile {
      requireNonNull(key, "key is null");
    }
  }

  /** Something worth telling that is no part of a sample. */
  record Remark(String key, Note note) implements LayoutEntry {
    public Remark {
      requireNonNull(key, "key is null");
      requireNonNull(note, "note is null");
    }
  }

  /**
   * What a file says of a sample: a line of a manifest, an image of a COCO file, a line of text
   * with its labels.
   *
   * @param file the file that says it
   * @param line where in the file: its line, or the place in its list; counted from 1
   */
  record Described(String key, StorageUri file, long line, Sample sample) implements LayoutEntry {
    public Described {
      requireNonNull(key, "key is null");
      requireNonNull(file, "file is null");
      requireNonNull(sample, "sample is null");
    }

    /** The file and the line, for messages. */
    String place() {
      return "%s:%d".formatted(file, line);
    }
  }

  /**
   * A piece that could not be read and is an input of its own: it is refused.
   *
   * @param source the file, or the file and the line
   * @param message where and why
   */
  record Broken(String key, String source, RejectReason reason, String message)
      implements LayoutEntry {
    public Broken {
      requireNonNull(key, "key is null");
      requireNonNull(source, "source is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
    }

    Outcome.Refused refused() {
      return new Outcome.Refused(source, reason, message);
    }
  }

  /**
   * The lists of VOCdevkit's {@code ImageSets/Main}, in the order in which they win where several
   * name an image.
   */
  enum ImageSet {
    TRAIN(Usage.TRAIN),
    VAL(Usage.EVAL),
    /** Both of the above; says nothing of an image that either of them names. */
    TRAINVAL(Usage.TRAIN),
    TEST(Usage.TEST);

    private final Usage usage;

    ImageSet(Usage usage) {
      this.usage = usage;
    }

    public Usage usage() {
      return usage;
    }

    /** The set whose list has this file name, such as {@code train.txt}. */
    static Optional<ImageSet> ofFileName(String fileName) {
      for (ImageSet set : values()) {
        if (fileName.equals(set.name().toLowerCase(Locale.ROOT) + ".txt")) {
          return Optional.of(set);
        }
      }
      return Optional.empty();
    }
  }
}
