package io.millrace.dataset.voc;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which image a file is about.
 *
 * @param folder the directory's name; may be empty text
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @param depth channels, at least 1
 * @param segmented whether the objects were outlined for segmentation
 * @param maskSource where the mask image of a segmentation lies
 */
public record VocImage(
    String folder,
    String filename,
    int width,
    int height,
    OptionalInt depth,
    boolean segmented,
    Optional<String> maskSource) {
  public VocImage {
    folder = requireNonNull(folder, "folder is null").strip();
    filename = requireNonNull(filename, "filename is null").strip();
    maskSource = maskSource.map(String::strip);
    checkArgument(!filename.isEmpty(), "Invalid filename: it is empty");
    checkArgument(
        width >= 1 && height >= 1 && depth.orElse(1) >= 1,
        "Invalid size: %s x %s x %s (expected at least 1 each)",
        width,
        height,
        depth.orElse(1));
    checkArgument(
        !maskSource.map(String::isEmpty).orElse(false), "Invalid mask_source: it is empty");
  }
}
