package io.millrace.dataset.export;

import java.util.Locale;

/** Why a sample is not in an export; the code is what reports hold. */
public enum LeftOutReason {
  /** The source is gone, or the storage does not give it out. */
  MEDIA_UNREADABLE,
  /** The source is not what was imported: it has another size or digest. */
  MEDIA_CHANGED,
  /** The format says its label by a place, and the sample has none. */
  UNLABELLED,
  /** The format holds one label a sample. */
  SEVERAL_LABELS,
  /** The label cannot be written as the format wants it, for example as a directory's name. */
  UNWRITABLE_LABEL,
  /** The format needs the width and height, which are unknown. */
  SIZE_UNKNOWN,
  /** The format has no place for the sample's usage. */
  NO_SUCH_PART,
  /** The format holds a text a line, and this one has several, or is blank. */
  NOT_ONE_LINE,
  /** The text or a description of the sample holds characters that the format cannot hold. */
  UNWRITABLE_TEXT,
  /** More bytes than readers of the format take. */
  TOO_LARGE;

  /** Lower-case words joined by hyphens. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
