package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.ObjectTraits.MaskColor;
import java.io.Serializable;
import java.util.Locale;
import java.util.Set;

/**
 * A class of a segmentation and the colour of its pixels in mask images.
 *
 * @param rgb red, green and blue, eight bits each
 */
record MaskClass(String name, int rgb) implements Serializable {
  /** What is no object: the rest of an image, and the seam around objects. */
  private static final Set<String> NO_OBJECTS = Set.of("background", "void", "ignored", "ignore");

  MaskClass {
    requireNonNull(name, "name is null");
  }

  boolean isObject() {
    return !NO_OBJECTS.contains(name.toLowerCase(Locale.ROOT));
  }

  MaskColor color() {
    return color(rgb);
  }

  static MaskColor color(int rgb) {
    return new MaskColor((rgb >> 16) & 0xff, (rgb >> 8) & 0xff, rgb & 0xff);
  }

  /**
   * The colour that Pascal VOC gives an index from 0 to 255: its bits, three at a time from the
   * lowest, become those of red, green and blue from the highest.
   *
   * @see <a href="http://host.robots.ox.ac.uk/pascal/VOC/voc2012/">VOCcode/VOClabelcolormap.m of
   *     the VOC 2012 development kit</a>
   */
  static int vocColor(int index) {
    int red = 0;
    int green = 0;
    int blue = 0;
    for (int bit = 0; bit < 8; bit++) {
      int three = index >> (3 * bit);
      int place = 7 - bit;
      red |= (three & 1) << place;
      green |= ((three >> 1) & 1) << place;
      blue |= ((three >> 2) & 1) << place;
    }
    return (red << 16) | (green << 8) | blue;
  }
}
