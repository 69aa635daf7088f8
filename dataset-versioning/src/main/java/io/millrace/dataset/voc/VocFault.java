package io.millrace.dataset.voc;

import java.util.Locale;

/** Why a Pascal VOC file was rejected, for counting; the sentence stands beside it. */
public enum VocFault {
  EMPTY_FILE,
  /** The file is larger than the limit. */
  TOO_LARGE,
  /** The file is no well-formed XML. */
  BROKEN_XML,
  /** The file declares a document type, refers to entities, or is nested or split without end. */
  FORBIDDEN_XML,
  /** The root is no {@code annotation}. */
  NOT_VOC,
  MISSING_FIELD,
  EMPTY_FIELD,
  INVALID_FIELD,
  /** A bounding box lacks a coordinate, has no area, or its minimum is above its maximum. */
  BROKEN_BOX,
  /** A shape other than a box that cannot be. */
  BROKEN_SHAPE,
  /** An object is nowhere. */
  NO_POSITION,
  /** An object is at two positions. */
  SEVERAL_POSITIONS,
  /** A property has no value. */
  EMPTY_PROPERTY;

  /** The name in reports, such as {@code voc_broken_box}. */
  public String code() {
    return "voc_" + name().toLowerCase(Locale.ROOT);
  }
}
