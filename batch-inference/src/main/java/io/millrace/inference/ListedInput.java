package io.millrace.inference;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.StorageUri;
import java.util.List;
import java.util.OptionalLong;

/** What an input directory, manifest or version names at one place of its order. */
public sealed interface ListedInput {

  /**
   * An image to score.
   *
   * @param source as it was given
   * @param sizeBytes where the listing knows it
   * @param truth what its annotations say; empty where it has none
   */
  record Image(StorageUri source, OptionalLong sizeBytes, List<Annotation> truth)
      implements ListedInput {
    public Image {
      requireNonNull(source, "source is null");
      requireNonNull(sizeBytes, "sizeBytes is null");
      truth = List.copyOf(truth);
    }
  }

  /**
   * A line of a manifest that cannot be read; it fails.
   *
   * @param place the manifest and the number of the line
   */
  record BrokenLine(String place, String reason) implements ListedInput {
    public BrokenLine {
      requireNonNull(place, "place is null");
      requireNonNull(reason, "reason is null");
    }
  }
}
