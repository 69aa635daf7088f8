package io.millrace.dataset.export;

import java.util.Locale;

/** Something that an exported sample or annotation had, and that a reader of the export misses. */
public enum Loss {
  SAMPLE_ID(Unit.SAMPLE, "an id of its own"),
  USAGE(Unit.SAMPLE, "the usage"),
  USAGE_ASSIGNED(Unit.SAMPLE, "that it has no usage: the format gives it one"),
  HARD(Unit.SAMPLE, "the hard mark"),
  HARD_COEFFICIENT(Unit.SAMPLE, "the hard-coefficient"),
  PROPERTIES(Unit.SAMPLE, "properties"),
  INFERENCE_LOCATION(Unit.SAMPLE, "the address of its inference result"),
  FOREIGN_FIELDS(Unit.SAMPLE, "fields of a manifest that Millrace does not know"),
  ANNOTATION(Unit.ANNOTATION, "all of it"),
  LABEL_CHANGED(Unit.ANNOTATION, "spaces around the label"),
  SHAPE_BECAME_BOX(Unit.ANNOTATION, "the shape, of which its box is left"),
  SHAPE_BECAME_POLYGON(Unit.ANNOTATION, "the shape, which became a polygon"),
  SHAPE_BECAME_MASK(Unit.ANNOTATION, "the shape, which became pixels"),
  SHAPE_CUT(Unit.ANNOTATION, "what reaches out of the image"),
  ANNOTATION_ID(Unit.ANNOTATION, "the id"),
  ANNOTATION_PROPERTIES(Unit.ANNOTATION, "properties"),
  ANNOTATION_HARD(Unit.ANNOTATION, "the hard mark"),
  ANNOTATION_HARD_COEFFICIENT(Unit.ANNOTATION, "the hard-coefficient"),
  ANNOTATED_BY(Unit.ANNOTATION, "who annotated it"),
  CREATION_TIME(Unit.ANNOTATION, "when it was annotated"),
  CONFIDENCE(Unit.ANNOTATION, "the confidence"),
  ANNOTATION_FOREIGN_FIELDS(Unit.ANNOTATION, "fields that Millrace does not know"),
  TRAITS(Unit.ANNOTATION, "pose, truncated, occluded or difficult"),
  MASK_COLOR(Unit.ANNOTATION, "the mask colour");

  /** What a loss is counted in. */
  public enum Unit {
    SAMPLE,
    ANNOTATION
  }

  private final Unit unit;
  private final String what;

  Loss(Unit unit, String what) {
    this.unit = unit;
    this.what = what;
  }

  public Unit unit() {
    return unit;
  }

  /** Lower-case words joined by hyphens. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A count of it for people, such as {@code 3 annotations: the confidence}. */
  public String toText(long count) {
    return "%d %s%s: %s"
        .formatted(count, unit.name().toLowerCase(Locale.ROOT), count == 1 ? "" : "s", what);
  }
}
