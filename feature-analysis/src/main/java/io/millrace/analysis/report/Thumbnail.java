package io.millrace.analysis.report;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.SampleId;

/**
 * A small picture of a sample.
 *
 * @param imageWidth pixels of the whole image; boxes are in its coordinates
 * @param imageHeight pixels of the whole image
 * @param dataUri the picture itself, {@code data:image/jpeg;base64,...}
 */
public record Thumbnail(SampleId id, int imageWidth, int imageHeight, String dataUri) {
  public Thumbnail {
    requireNonNull(id, "id is null");
    requireNonNull(dataUri, "dataUri is null");
  }
}
