package io.millrace.dataset.voc;

import java.util.Set;

/** The names of the elements in a Pascal VOC file. */
final class VocNames {
  static final String ANNOTATION = "annotation";
  static final String FOLDER = "folder";
  static final String FILENAME = "filename";
  static final String SIZE = "size";
  static final String WIDTH = "width";
  static final String HEIGHT = "height";
  static final String DEPTH = "depth";
  static final String SEGMENTED = "segmented";
  static final String MASK_SOURCE = "mask_source";
  static final String OBJECT = "object";

  static final String NAME = "name";
  static final String POSE = "pose";
  static final String TRUNCATED = "truncated";
  static final String OCCLUDED = "occluded";
  static final String DIFFICULT = "difficult";
  static final String CONFIDENCE = "confidence";
  static final String HARD = "hard";
  static final String HARD_COEFFICIENT = "hard-coefficient";
  static final String MASK_COLOR = "mask_color";
  static final String PART = "part";
  static final String PROPERTIES = "properties";
  static final String PROPERTY = "property";
  static final String KEY = "key";
  static final String VALUE = "value";

  static final String POINT = "point";
  static final String LINE = "line";
  static final String DASHED = "dashed";
  static final String BOX = "bndbox";
  static final String POLYGON = "polygon";
  static final String POLYLINE = "polyline";
  static final String CIRCLE = "circle";
  static final String MASK = "mask";
  static final String RLE = "rle";

  static final Set<String> SHAPES =
      Set.of(POINT, LINE, DASHED, BOX, POLYGON, POLYLINE, CIRCLE, MASK);
  static final Set<String> OF_DOCUMENT =
      Set.of(FOLDER, FILENAME, SIZE, SEGMENTED, MASK_SOURCE, OBJECT);
  static final Set<String> OF_OBJECT =
      Set.of(
          NAME,
          POSE,
          TRUNCATED,
          OCCLUDED,
          DIFFICULT,
          CONFIDENCE,
          HARD,
          HARD_COEFFICIENT,
          MASK_COLOR,
          PART,
          PROPERTIES);

  private VocNames() {}
}
