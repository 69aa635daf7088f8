package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.DatasetException;
import java.util.Locale;

/**
 * What makes samples a group that a split leaves whole. A sample that has no value for the key is a
 * group of its own.
 */
public sealed interface GroupKey {

  enum Standard implements GroupKey {
    /** Each sample is a group of its own. */
    NONE,
    /** The directory of the source; inline text and {@code https} have none. */
    DIRECTORY,
    /** The SHA-256 of the content: exact duplicates, where imports computed it. */
    DIGEST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A property of the sample, such as the group that {@code millrace group} computed. Text, numbers
   * and truth values are keys, compared by their JSON text; so are lists and objects.
   */
  record Attribute(String name) implements GroupKey {
    public Attribute {
      checkArgument(
          name != null && !name.isBlank(), "Invalid group key: the attribute has no name");
    }

    @Override
    public String toString() {
      return "attribute:" + name;
    }
  }

  /** The video that a frame was taken of. */
  GroupKey VIDEO = new Attribute("@modelarts:parent_source");

  /**
   * Reads a key: {@code directory}, {@code digest}, {@code video} or {@code attribute:NAME}.
   *
   * @throws DatasetException for any other text
   */
  static GroupKey parse(String text) {
    int colon = text.indexOf(':');
    String kind = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
    if (colon >= 0 && (kind.equals("attribute") || kind.equals("property"))) {
      return new Attribute(text.substring(colon + 1));
    }
    return switch (colon < 0 ? kind : "") {
      case "directory" -> Standard.DIRECTORY;
      case "digest" -> Standard.DIGEST;
      case "video" -> VIDEO;
      default ->
          throw new DatasetException(
              "Invalid group key: '%s' (expected directory, digest, video or attribute:NAME)"
                  .formatted(text));
    };
  }
}
