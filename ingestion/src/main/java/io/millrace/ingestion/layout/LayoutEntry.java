package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.storage.StoredObject;
import java.util.Locale;
import java.util.Optional;

/**
 * A piece of a source. All pieces of one sample have the same key, and no piece of another sample
 * has it.
 */
public sealed interface LayoutEntry {

  String key();

  /** An image, by its name. */
  record ImageFile(String key, StoredObject file) implements LayoutEntry {
    public ImageFile {
      requireNonNull(key, "key is null");
      requireNonNull(file, "file is null");
    }
  }

  /** A file that annotates an image. */
  record AnnotationFile(String key, StoredObject file) implements LayoutEntry {
    public AnnotationFile {
      requireNonNull(key, "key is null");
      requireNonNull(file, "file is null");
    }
  }

  /** A line of a list that names the images of a set. */
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

  /** A manifest line that was read. */
  record SampleLine(String key, StorageUri manifest, long lineNumber, Sample sample)
      implements LayoutEntry {
    public SampleLine {
      requireNonNull(key, "key is null");
      requireNonNull(manifest, "manifest is null");
      requireNonNull(sample, "sample is null");
    }
  }

  /**
   * A manifest line that could not be read.
   *
   * @param source the manifest and the line number
   * @param message where and why, and the beginning of the line
   */
  record BrokenLine(String key, String source, String message) implements LayoutEntry {
    public BrokenLine {
      requireNonNull(key, "key is null");
      requireNonNull(source, "source is null");
      requireNonNull(message, "message is null");
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
