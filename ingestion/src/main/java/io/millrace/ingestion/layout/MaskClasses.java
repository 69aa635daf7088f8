package io.millrace.ingestion.layout;

import io.millrace.ingestion.RejectReason;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The classes of a segmentation in the order of their indexes. Black is background where no class
 * has it, and the colour of VOC's index 255 is the seam around objects: neither is an object.
 */
record MaskClasses(List<MaskClass> classes) implements Serializable {
  /** Index of the seam in mask images of grey values. */
  private static final int SEAM = 255;

  private static final Pattern COLOR =
      Pattern.compile("\\s*([0-9]{1,3})\\s*,\\s*([0-9]{1,3})\\s*,\\s*([0-9]{1,3})\\s*");

  /** The 20 classes of Pascal VOC after the background. */
  static final MaskClasses VOC =
      ofNames(
          List.of(
              "background",
              "aeroplane",
              "bicycle",
              "bird",
              "boat",
              "bottle",
              "bus",
              "car",
              "cat",
              "chair",
              "cow",
              "diningtable",
              "dog",
              "horse",
              "motorbike",
              "person",
              "pottedplant",
              "sheep",
              "sofa",
              "train",
              "tvmonitor"));

  MaskClasses {
    classes = List.copyOf(classes);
  }

  /**
   * Reads the {@code labelmap.txt} that annotation tools write: {@code name:red,green,blue:parts:
   * actions} a line, the last two not used; a class without colour has that of VOC for its line.
   */
  static MaskClasses ofLabelMap(FormatFile file) {
    List<MaskClass> classes = new ArrayList<>();
    for (int i = 0; i < file.lines().size(); i++) {
      String line = file.lines().get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] fields = line.split(":", -1);
      String color = fields.length < 2 ? "" : fields[1].strip();
      int rgb = color.isEmpty() ? MaskClass.vocColor(classes.size()) : rgb(file, i + 1, color);
      for (MaskClass other : classes) {
        if (other.rgb() == rgb) {
          throw ImageLayoutErrors.invalid(
              file.uri(),
              "line %d gives %s the colour of %s"
                  .formatted(i + 1, fields[0].strip(), other.name()));
        }
      }
      classes.add(new MaskClass(fields[0].strip(), rgb));
    }
    FormatFile.checkLabels(file.uri(), classes.stream().map(MaskClass::name).toList());
    return new MaskClasses(classes);
  }

  /**
   * The index of a colour's class; empty for background and seam.
   *
   * @throws BrokenAnnotationException if the colour is of no class
   */
  OptionalInt indexOf(int rgb) throws BrokenAnnotationException {
    for (int i = 0; i < classes.size(); i++) {
      if (classes.get(i).rgb() == rgb) {
        return classes.get(i).isObject() ? OptionalInt.of(i) : OptionalInt.empty();
      }
    }
    if (rgb == 0 || rgb == MaskClass.vocColor(SEAM)) {
      return OptionalInt.empty();
    }
    throw new BrokenAnnotationException(
        RejectReason.UNKNOWN_LABEL,
        "it has the colour %d,%d,%d, which is of no class."
            .formatted((rgb >> 16) & 0xff, (rgb >> 8) & 0xff, rgb & 0xff));
  }

  /**
   * The colour of the class that a grey value stands for.
   *
   * @throws BrokenAnnotationException if there is no such class
   */
  int rgbOfGrey(int grey) throws BrokenAnnotationException {
    if (grey < classes.size()) {
      return classes.get(grey).rgb();
    }
    if (grey == SEAM) {
      return MaskClass.vocColor(SEAM);
    }
    throw new BrokenAnnotationException(
        RejectReason.UNKNOWN_LABEL,
        "it has the grey value %d (expected 0 to %d, or %d for the seam around objects)."
            .formatted(grey, classes.size() - 1, SEAM));
  }

  private static MaskClasses ofNames(List<String> names) {
    List<MaskClass> classes = new ArrayList<>();
    for (String name : names) {
      classes.add(new MaskClass(name, MaskClass.vocColor(classes.size())));
    }
    return new MaskClasses(classes);
  }

  private static int rgb(FormatFile file, int line, String color) {
    Matcher matcher = COLOR.matcher(color);
    int rgb = 0;
    boolean isColor = matcher.matches();
    for (int i = 1; isColor && i <= 3; i++) {
      int part = Integer.parseInt(matcher.group(i));
      isColor = part <= 255;
      rgb = (rgb << 8) | part;
    }
    if (!isColor) {
      throw ImageLayoutErrors.invalid(
          file.uri(),
          "line %d has the colour '%s' (expected three numbers from 0 to 255, such as 128,0,0)"
              .formatted(line, color));
    }
    return rgb;
  }
}
