package io.millrace.dataset.export.format;

import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.Label;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.ObjectTraits.MaskColor;
import io.millrace.dataset.export.ExportPlan;
import java.util.Optional;

/** The colours of objects in mask images: their own, or else that of their label. */
final class MaskColors {
  private MaskColors() {}

  /** The object with a colour. */
  static ImageObject colored(ImageObject object, ExportPlan plan) {
    ObjectTraits traits = object.traits();
    return traits.maskColor().isPresent()
        ? object
        : new ImageObject(
            object.taskType(),
            object.name(),
            object.shape(),
            new ObjectTraits(
                traits.pose(),
                traits.truncated(),
                traits.occluded(),
                traits.difficult(),
                Optional.of(ofLabel(object.name(), plan))),
            object.info());
  }

  /** The colour of Pascal VOC for the place of the label, of which the first is 1. */
  static MaskColor ofLabel(Label label, ExportPlan plan) {
    return ofIndex(plan.indexOf(label).orElseThrow() + 1);
  }

  /**
   * The colour that Pascal VOC gives an index, distinct for each below 2^24; black is 0, the
   * background: its bits, three at a time from the lowest, become those of red, green and blue from
   * the highest.
   *
   * @see <a href="http://host.robots.ox.ac.uk/pascal/VOC/voc2012/">VOCcode/VOClabelcolormap.m of
   *     the VOC 2012 development kit</a>
   */
  static MaskColor ofIndex(int index) {
    int[] parts = new int[3];
    for (int bit = 0; bit < 8; bit++) {
      for (int part = 0; part < 3; part++) {
        parts[part] |= ((index >> (3 * bit + part)) & 1) << (7 - bit);
      }
    }
    return new MaskColor(parts[0], parts[1], parts[2]);
  }

  static int rgb(MaskColor color) {
    return (color.red() << 16) | (color.green() << 8) | color.blue();
  }
}
