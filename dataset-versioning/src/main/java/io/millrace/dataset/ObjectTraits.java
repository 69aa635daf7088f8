package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What Pascal VOC records of an object besides its label and shape.
 *
 * @param pose the angle it was seen from; {@code Unspecified} where nobody says
 * @param truncated whether the image's border cuts it
 * @param occluded whether something hides a part of it
 * @param difficult whether a person finds it hard to recognise
 * @param maskColor its colour in the mask image of a segmentation
 */
public record ObjectTraits(
    String pose,
    boolean truncated,
    boolean occluded,
    boolean difficult,
    Optional<MaskColor> maskColor) {

  public static final ObjectTraits DEFAULT =
      new ObjectTraits("Unspecified", false, false, false, Optional.empty());

  public ObjectTraits {
    requireNonNull(pose, "pose is null");
    requireNonNull(maskColor, "maskColor is null");
  }

  /** A colour of a mask image; each part is 0 to 255. */
  public record MaskColor(int red, int green, int blue) {
    public MaskColor {
      for (int part : new int[] {red, green, blue}) {
        checkArgument(
            part >= 0 && part <= 255,
            "Invalid mask colour: %s,%s,%s (expected three numbers from 0 to 255)",
            red,
            green,
            blue);
      }
    }
  }
}
